package io.tributary.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports of the loopback address that a command is told to listen on. */
public final class LoopbackPort {
    private static final int HIGHEST = 65_535;
    /** Where Linux begins to take ports for outgoing connections, unless told otherwise. */
    private static final int FIRST_EPHEMERAL = 32_768;

    private static final int FIRST_LASTING = 20_000;
    private static final int TRIES = 1_000;

    private LoopbackPort() {}

    /** A port on which nobody listens. */
    public static int free() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException failure) {
            throw new CommandFailedException("no free port on the loopback address: " + failure.getMessage());
        }
    }

    /**
     * A port on which nobody listens, and which no outgoing connection is given while the process that listens on it is
     * started again.
     */
    public static int freeAndLasting() {
        for (int attempt = 0; attempt < TRIES; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST_LASTING, FIRST_EPHEMERAL);
            if (isFree(port)) {
                return port;
            }
        }
        throw new CommandFailedException(
                "no free port on the loopback address from %d to %d".formatted(FIRST_LASTING, FIRST_EPHEMERAL - 1));
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException _) {
            return false;
        }
    }

    /**
     * The port, on which nobody listens; for 0 one that is free.
     *
     * @param option which says the port, for the message
     */
    public static int requireFree(int port, String option) {
        if (port < 0 || port > HIGHEST) {
            throw new WrongUsageException(
                    "%s is %d; 1 to %d are possible, and 0 for a free one".formatted(option, port, HIGHEST));
        }
        if (port == 0) {
            return free();
        }
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException taken) {
            throw new CommandFailedException("port %d is taken (%s); choose another with %s, or 0 for a free one"
                    .formatted(port, taken.getMessage(), option));
        }
    }
}
