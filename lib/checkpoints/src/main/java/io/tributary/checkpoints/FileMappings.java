package io.tributary.checkpoints;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** The files that one checkpoint has mapped, to be unmapped together. */
final class FileMappings implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final List<WeightFiles.Mapped> files = new ArrayList<>();
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
        Optional<FileStamp> before = FileStamp.of(path);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            // Equal stamps before and after say that the file at the path was the one that was opened.
            files.add(new WeightFiles.Mapped(bytes, before.filter(stamp -> before.equals(FileStamp.of(path)))));
            return bytes;
        } catch (IOException cause) {
            throw CheckpointNotFoundException.unreadable(path, cause);
        }
    }

    /** The files mapped so far. */
    WeightFiles files() {
        return new WeightFiles(files);
    }

    /** Unmaps all files; idempotent. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            arena.close();
        }
    }
}
