package io.tributary.fuzz;

import io.tributary.cli.ServedModel;
import io.tributary.mesh.ChatModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A model that answers conversations, served by a process of its own.
 *
 * @param directory of the model, in one that is deleted with this
 * @param server closed with this
 */
record ServedChatModel(Path directory, ServedModel server) implements AutoCloseable {
    static ServedChatModel start() {
        try {
            Path directory =
                    Files.createDirectory(Files.createTempDirectory("fuzz").resolve("kjv-chat"));
            ChatModel.write(directory);
            return new ServedChatModel(directory, ServedModel.start(directory));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        server.close();
        ChatModel.delete(directory);
    }
}
