package io.tributary.checkpoints;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Writes a file that appears whole or not at all: beside its place first, then moved there. */
final class ReplacedFile {
    private static final long CHUNK_BYTES = 1 << 26;

    private ReplacedFile() {}

    /** Writes the bytes of one file. */
    @FunctionalInterface
    interface Content {
        void writeTo(FileChannel channel) throws IOException;
    }

    /** @throws UncheckedIOException when the file cannot be written; what was at the path before is then still there */
    static void write(Path path, Content content) {
        Path target = path.toAbsolutePath();
        try {
            Path partial = target.resolveSibling(target.getFileName() + "." + UUID.randomUUID() + ".partial");
            try {
                try (FileChannel channel =
                        FileChannel.open(partial, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                    content.writeTo(channel);
                    channel.force(true);
                }
                Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(partial);
            }
        } catch (IOException cause) {
            throw new UncheckedIOException(path + " cannot be written: " + cause, cause);
        }
    }

    static void writeFully(FileChannel channel, MemorySegment bytes) throws IOException {
        for (long from = 0; from < bytes.byteSize(); from += CHUNK_BYTES) {
            long length = Math.min(CHUNK_BYTES, bytes.byteSize() - from);
            writeFully(channel, bytes.asSlice(from, length).asByteBuffer());
        }
    }

    static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
