package io.tributary.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;

/**
 * Where a broker keeps its data and listens.
 *
 * @param dataDirectory its data; made and formatted when missing or empty, kept from one start to the next
 * @param port for clients, 1 to 65535 on 127.0.0.1
 * @param controllerPort for the broker's own controller, likewise, another one
 */
public record DevBrokerConfiguration(Path dataDirectory, int port, int controllerPort) {
    private static final int LARGEST_PORT = 65535;

    /** @throws IllegalArgumentException for a port outside 1 to 65535 or the same port twice */
    public DevBrokerConfiguration {
        requirePort("port", port);
        requirePort("controller port", controllerPort);
        if (port == controllerPort) {
            throw new IllegalArgumentException(
                    "port and controller port are both %d; two different ports are needed".formatted(port));
        }
    }

    /**
     * A configuration with two ports that are free now.
     *
     * @throws UncheckedIOException when no port is free
     */
    public static DevBrokerConfiguration onFreePorts(Path dataDirectory) {
        try (ServerSocket first = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
                ServerSocket second = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return new DevBrokerConfiguration(dataDirectory, first.getLocalPort(), second.getLocalPort());
        } catch (IOException failure) {
            throw new UncheckedIOException("no free port on 127.0.0.1 for a broker", failure);
        }
    }

    private static void requirePort(String name, int port) {
        if (port < 1 || port > LARGEST_PORT) {
            throw new IllegalArgumentException("%s %d is none; 1 to %d are".formatted(name, port, LARGEST_PORT));
        }
    }
}
