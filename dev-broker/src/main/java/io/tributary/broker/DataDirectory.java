package io.tributary.broker;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;

/** The broker's data on disk. */
final class DataDirectory {
    private static final String FORMAT_MARK = "meta.properties";

    private DataDirectory() {}

    /**
     * Makes a directory fit for a broker: an empty or missing one is formatted, one with a broker's data left alone.
     *
     * @throws DevBrokerException when it holds something else or cannot be written
     */
    static void prepare(Path directory) {
        try {
            Files.createDirectories(directory);
            if (Files.exists(directory.resolve(FORMAT_MARK))) {
                return;
            }
            requireEmpty(directory);
            format(directory);
        } catch (IOException failure) {
            throw new DevBrokerException(
                    "the data directory %s cannot be written; name one that can".formatted(directory), failure);
        }
    }

    private static void requireEmpty(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            files.findFirst().ifPresent(file -> {
                throw new DevBrokerException(
                        "%s holds %s but no broker's data; name an empty directory, or empty it"
                                .formatted(directory, file.getFileName()),
                        null);
            });
        }
    }

    private static void format(Path directory) throws IOException {
        try (PrintStream silent = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            new Formatter()
                    .setPrintStream(silent)
                    .setNodeId(BrokerSettings.NODE)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setControllerListenerName(BrokerSettings.CONTROLLER_LISTENER)
                    .setMetadataLogDirectory(directory.toAbsolutePath().toString())
                    .addDirectory(directory.toAbsolutePath().toString())
                    .run();
        } catch (IOException failure) {
            throw failure;
        } catch (Exception failure) {
            throw new DevBrokerException(
                    "the data directory %s could not be formatted; name an empty one".formatted(directory), failure);
        }
    }
}
