package io.tributary.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Runs a broker in a JVM of its own until it is told to stop (SIGTERM, SIGINT). */
public final class DevBrokerMain {
    private static final int FAILED = 1;
    private static final int MISUSED = 2;

    private DevBrokerMain() {}

    /**
     * Starts the broker and writes {@code broker listening on 127.0.0.1:PORT} to standard output once it takes
     * requests. Exit codes: 1 when it could not be started, 2 for wrong arguments.
     *
     * @param arguments {@code --data DIRECTORY --port PORT --controller-port PORT [--ready-file FILE]}; the ready file
     *     is removed at the start and written, with {@code 127.0.0.1:PORT}, once the broker takes requests
     */
    public static void main(String[] arguments) {
        try {
            run(BrokerArguments.parse(arguments));
        } catch (IllegalArgumentException misuse) {
            exit(MISUSED, misuse);
        } catch (DevBrokerException | IOException failure) {
            exit(FAILED, failure);
        }
    }

    // The broker's threads keep the JVM alive; the hook closes it.
    @SuppressWarnings("resource")
    private static void run(BrokerArguments arguments) throws IOException {
        if (arguments.readyFile().isPresent()) {
            Files.deleteIfExists(arguments.readyFile().get());
        }
        DevBroker broker = DevBroker.start(arguments.broker());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(broker), "broker-shutdown"));
        if (arguments.readyFile().isPresent()) {
            writeAtOnce(arguments.readyFile().get(), broker.bootstrapServers() + "\n");
        }
        System.out.println("broker listening on " + broker.bootstrapServers());
    }

    private static void stop(DevBroker broker) {
        try {
            broker.close();
        } catch (DevBrokerException failure) {
            System.err.println("broker: " + failure.getMessage());
        }
    }

    private static void writeAtOnce(Path file, String text) throws IOException {
        Path written = file.resolveSibling(file.getFileName() + ".part");
        Files.writeString(written, text);
        Files.move(written, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void exit(int code, Exception reason) {
        System.err.println("broker: " + reason.getMessage());
        System.exit(code);
    }
}
