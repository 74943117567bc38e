package io.tributary.checkpoints;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicBoolean;

/** The files that one checkpoint has mapped, to be unmapped together. */
final class FileMappings implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * The bytes of the whole file, read-only, until these mappings are closed.
     *
     * @throws CheckpointNotFoundException when it is not a regular file that can be read
     */
    MemorySegment map(Path path) {
        if (!Files.isRegularFile(path)) {
            throw new CheckpointNotFoundException(path + (Files.exists(path) ? " is not a file" : " does not exist"));
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        } catch (IOException cause) {
            throw CheckpointNotFoundException.unreadable(path, cause);
        }
    }

    /** Unmaps all files; idempotent. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            arena.close();
        }
    }
}
