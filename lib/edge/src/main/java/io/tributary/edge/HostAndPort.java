package io.tributary.edge;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A place in the network as it is configured: {@code host:port}, with an address of IPv6 in brackets. */
record HostAndPort(String host, int port) {
    private static final Pattern FORM = Pattern.compile("(?:\\[([0-9A-Fa-f:.%]+)]|([^:\\[\\]\\s]+)):([0-9]{1,5})");
    private static final int LARGEST_PORT = 65_535;

    /** @throws ConfigurationException for a text that is none */
    static HostAndPort of(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw refused(text);
        }
        int port = Integer.parseInt(matcher.group(3));
        if (port < 1 || port > LARGEST_PORT) {
            throw refused(text);
        }
        String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        return new HostAndPort(host, port);
    }

    /** As the authority of a URI. */
    static String authority(String host, int port) {
        return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
    }

    private static ConfigurationException refused(String text) {
        return new ConfigurationException(
                "tributary.experts.routers names \"%s\"; host:port is needed, with a port from 1 to 65535"
                        .formatted(text));
    }
}
