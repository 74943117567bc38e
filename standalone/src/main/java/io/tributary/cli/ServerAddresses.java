package io.tributary.cli;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Servers as they are named on the command line. */
public final class ServerAddresses {
    private static final Pattern HOST_AND_PORT = Pattern.compile("(?:\\[[0-9a-fA-F:]+]|[^:\\s]+):([0-9]{1,5})");
    private static final int HIGHEST_PORT = 65_535;

    private ServerAddresses() {}

    /**
     * Reads `HOST:PORT[,HOST:PORT...]`.
     *
     * @param option whose value it is
     * @throws WrongUsageException for another form
     */
    public static List<String> parse(String option, String text) {
        List<String> addresses = List.of(text.split(",", -1));
        for (String address : addresses) {
            if (!isHostAndPort(address)) {
                throw new WrongUsageException("%s is \"%s\"; HOST:PORT is needed, PORT 1 to %d, like 127.0.0.1:9000"
                        .formatted(option, address, HIGHEST_PORT));
            }
        }
        return addresses;
    }

    private static boolean isHostAndPort(String address) {
        Matcher parts = HOST_AND_PORT.matcher(address);
        if (!parts.matches()) {
            return false;
        }
        int port = Integer.parseInt(parts.group(1));
        return port >= 1 && port <= HIGHEST_PORT;
    }
}
