package io.tributary.checkpoints;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a file system says of a file, by which a changed or replaced file is known without reading it. The time of the last
 * change of the inode is the one that programs can't set back, as copying with preserved times does with the other.
 *
 * @param path without symbolic links
 * @param inode within its file system
 * @param bytes the length
 * @param modified when the content was last written, as the file system or a program says
 * @param changed when content, name or attributes last changed, as the file system says
 */
record FileStamp(Path path, long inode, long bytes, FileTime modified, FileTime changed) {
    /** File systems write times with the ticks of a clock: within one, two changes look like one. */
    private static final Duration CLOCK_TICK = Duration.ofMillis(50);

    /** Empty when the file system does not say enough, or the file has just been changed and may change again unseen. */
    static Optional<FileStamp> of(Path path) {
        try {
            Path real = path.toRealPath();
            BasicFileAttributes attributes = Files.readAttributes(real, BasicFileAttributes.class);
            FileStamp stamp = new FileStamp(
                    real,
                    (long) Files.getAttribute(real, "unix:ino"),
                    attributes.size(),
                    attributes.lastModifiedTime(),
                    (FileTime) Files.getAttribute(real, "unix:ctime"));
            boolean settled = stamp.changed.toInstant().isBefore(Instant.now().minus(CLOCK_TICK));
            return settled ? Optional.of(stamp) : Optional.empty();
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException unavailable) {
            // Without a stamp nothing is remembered of the file, which costs time only.
            return Optional.empty();
        }
    }

    /** All of it in one line. */
    String text() {
        return inode + " " + bytes + " " + modified.toInstant() + " " + changed.toInstant() + " " + path;
    }
}
