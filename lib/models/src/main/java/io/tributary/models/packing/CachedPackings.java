package io.tributary.models.packing;

import io.tributary.checkpoints.Sha256;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/**
 * The two kinds of files in the cache: packed weights, called by a key, and what hash the content of a model's files has,
 * called by their stamp, so that a start need not read them.
 */
final class CachedPackings {
    private static final String PACKED = ".packed";
    private static final String CONTENT = ".content";
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
    /** A hash, a line feed, and a hash that proves the first. */
    private static final int CONTENT_BYTES = 2 * 64 + 1;

    private final CacheDirectory directory;

    CachedPackings(CacheDirectory directory) {
        this.directory = directory;
    }

    /** The remembered hash of the content of files with that stamp. */
    Optional<String> contentHash(String stamp) throws IOException {
        Optional<FileChannel> file = directory.read(stamp + CONTENT);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try (FileChannel channel = file.get()) {
            ByteBuffer bytes = ByteBuffer.allocate(CONTENT_BYTES + 1);
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {}
            String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII);
            String hash = text.lines().findFirst().orElse("");
            boolean right = HASH.matcher(hash).matches() && text.equals(proven(stamp, hash));
            return right ? Optional.of(hash) : Optional.empty();
        }
    }

    /** Remembers the hash of the content of files with that stamp. */
    void rememberContentHash(String stamp, String hash) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(proven(stamp, hash).getBytes(StandardCharsets.US_ASCII));
        directory.write(stamp + CONTENT, bytes.remaining(), channel -> {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            return true;
        });
    }

    /**
     * Maps packed weights.
     *
     * @param arena they live as long as this
     * @return empty when there are none
     * @throws IOException when they can't be used; the message says why
     */
    Optional<PackedFile> map(String key, Arena arena) throws IOException {
        Optional<FileChannel> file = directory.read(key + PACKED);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try (FileChannel channel = file.get()) {
            return Optional.of(PackedFile.map(channel, key, arena));
        }
    }

    /** Whether there are packed weights of that key, whole and undamaged as far as {@link PackedFile} checks. */
    boolean has(String key) {
        try {
            Optional<FileChannel> file = directory.read(key + PACKED);
            if (file.isEmpty()) {
                return false;
            }
            try (FileChannel channel = file.get()) {
                PackedFileHeader.read(channel, key);
                return true;
            }
        } catch (IOException unusable) {
            return false;
        }
    }

    /**
     * Writes packed weights.
     *
     * @return false when it did not go on to the end
     */
    boolean write(String key, List<NamedMatrix> matrices, BooleanSupplier goesOn) throws IOException {
        PackedFileWriter writer = new PackedFileWriter(key, matrices);
        return directory.write(key + PACKED, writer.bytes(), channel -> writer.write(channel, goesOn));
    }

    private static String proven(String stamp, String hash) {
        return hash + "\n" + Sha256.hexOf(stamp + hash);
    }
}
