package io.tributary.models.packing;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A directory of files that only this user may write, together no longer than a limit: those that were used longest ago go
 * first. A file is called by a hash and a word for its kind. Several processes may use it at once; a file appears whole or not
 * at all, and one that is deleted stays with those that have mapped it.
 */
final class CacheDirectory {
    private static final String PARTIAL = ".partial";
    /** Whatever else somebody keeps in the directory is neither counted nor deleted. */
    private static final Pattern OWN_NAME = Pattern.compile("[0-9a-f]{64}\\.[a-z]+(.*\\.partial)?");

    private static final String PROBE = "0".repeat(64) + ".probe";
    private static final String PERMISSIONS_OF_DIRECTORY = "rwx------";
    /** What a file takes at least, so that the number of small ones is limited too. */
    private static final long BLOCK_BYTES = 4096;

    private static final int WRITABLE_BY_OTHERS = 0022;
    /** Nobody writes one file for so long: whoever began an older one has died. */
    private static final Duration LONGEST_WRITE = Duration.ofHours(6);

    private final Path path;
    private final Object user;
    private final long maximalBytes;

    /** Writes the content of a file; returns false to have none. */
    @FunctionalInterface
    interface Content {
        boolean writeTo(FileChannel channel) throws IOException;
    }

    private record Listed(String name, long bytes, FileTime used) {}

    private CacheDirectory(Path path, Object user, long maximalBytes) {
        this.path = path;
        this.user = user;
        this.maximalBytes = maximalBytes;
    }

    /**
     * Opens a directory, which is made if it does not exist. Its parents are trusted.
     *
     * @param maximalBytes that its files may have together
     * @throws IOException when it can't be made or written, or when another user owns it or may write to it
     */
    static CacheDirectory open(Path directory, long maximalBytes) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(
                    directory,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(PERMISSIONS_OF_DIRECTORY)));
        }
        Path real = directory.toRealPath();
        // The owner of a new file is the user that this process writes as, whatever it is called.
        Path probe = Files.createTempFile(real, PROBE, PARTIAL);
        try {
            Object user = Files.getAttribute(probe, "unix:uid", LinkOption.NOFOLLOW_LINKS);
            requireOwn(real, user);
            return new CacheDirectory(real, user, maximalBytes);
        } finally {
            Files.deleteIfExists(probe);
        }
    }

    /** The directory, without symbolic links. */
    Path path() {
        return path;
    }

    /**
     * Opens a file for reading, and marks it as used now.
     *
     * @return empty when there is none
     * @throws IOException when it can't be read, or when another user owns it or may write to it
     */
    Optional<FileChannel> read(String name) throws IOException {
        Path file = path.resolve(name);
        try {
            requireOwn(file, user);
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
            Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
            return Optional.of(channel);
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    /**
     * Writes a file that only this user may read, replacing what had its name, after others have made room for it. It reaches
     * the disk before it gets its name.
     *
     * @param bytes how long it will be
     * @return false when the content was not to be
     * @throws IOException when it can't be written, does not fit, or would fill the disk
     */
    boolean write(String name, long bytes, Content content) throws IOException {
        if (Math.max(BLOCK_BYTES, bytes) > maximalBytes) {
            throw new IOException(bytes + " bytes are more than the " + maximalBytes + " that the cache may have");
        }
        makeRoom(bytes, name);
        long usable = Files.getFileStore(path).getUsableSpace();
        if (usable < 2 * bytes) {
            throw new IOException("writing " + bytes + " bytes would leave less than as much of the " + usable
                    + " bytes that are free on the disk");
        }
        Path partial = Files.createTempFile(path, name, PARTIAL);
        try {
            if (!write(partial, content)) {
                return false;
            }
            Files.move(
                    partial, path.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(partial);
        }
        // Other processes may have written meanwhile.
        makeRoom(bytes, name);
        return true;
    }

    private static boolean write(Path partial, Content content) throws IOException {
        try (FileChannel channel = FileChannel.open(partial, StandardOpenOption.WRITE)) {
            boolean complete = content.writeTo(channel);
            if (complete) {
                channel.force(true);
            }
            return complete;
        }
    }

    /** Deletes what was used longest ago until a file of that name and length fits, in place of the one of its name. */
    private void makeRoom(long bytes, String name) throws IOException {
        List<Listed> others = list();
        others.removeIf(file -> file.name().equals(name));
        others.sort(Comparator.comparing(Listed::used));
        long used = others.stream().mapToLong(Listed::bytes).sum() + Math.max(BLOCK_BYTES, bytes);
        Instant abandoned = Instant.now().minus(LONGEST_WRITE);
        for (Listed file : others) {
            boolean partial = file.name().endsWith(PARTIAL);
            if (partial ? file.used().toInstant().isBefore(abandoned) : used > maximalBytes) {
                Files.deleteIfExists(path.resolve(file.name()));
                used -= file.bytes();
            }
        }
    }

    private List<Listed> list() throws IOException {
        List<Listed> files = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(path)) {
            for (Path file : stream) {
                String name = file.getFileName().toString();
                if (OWN_NAME.matcher(name).matches()) {
                    list(name).ifPresent(files::add);
                }
            }
        }
        return files;
    }

    private Optional<Listed> list(String name) throws IOException {
        Path file = path.resolve(name);
        try {
            long bytes = Math.max(BLOCK_BYTES, Files.size(file));
            return Optional.of(new Listed(name, bytes, Files.getLastModifiedTime(file)));
        } catch (NoSuchFileException _) {
            // Another process has deleted it meanwhile.
            return Optional.empty();
        }
    }

    private static void requireOwn(Path path, Object user) throws IOException {
        Object owner = Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        if (!owner.equals(user) || (mode & WRITABLE_BY_OTHERS) != 0) {
            throw new IOException(path + " belongs to the user " + owner + " and has the permissions "
                    + Integer.toOctalString(mode & 0777) + "; wanted is that the user " + user
                    + " owns it and nobody else may write to it");
        }
    }
}
