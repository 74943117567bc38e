package io.tributary.models;

import io.tributary.kernels.KeyValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * A chain of SHA-256 over the tokens of a sequence, page by page, that begins with the frequencies of its rotary positions:
 * equal keys mean equal pages. It must be a hash for which nobody can find a collision, or a crafted prompt would read the
 * keys and values of another user. The salt keeps keys from being of any use outside the process. Not thread-safe.
 */
final class PrefixHash {
    private static final int KEY_BYTES = 4 * Long.BYTES;

    private final MessageDigest digest;
    private final byte[] salt = UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII);
    private final ByteBuffer link = ByteBuffer.allocate(KEY_BYTES + KeyValueLayout.PAGE_POSITIONS * Integer.BYTES);

    PrefixHash() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException cause) {
            throw new IllegalStateException("Every Java platform has SHA-256, but not this one", cause);
        }
    }

    /** The key with which sequences of such rotary frequencies begin, by rotary table. */
    PrefixKey root(double[][] frequencies) {
        digest.update(salt);
        for (double[] table : frequencies) {
            ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES + table.length * Double.BYTES);
            bytes.putInt(table.length);
            bytes.asDoubleBuffer().put(table);
            digest.update(bytes.array());
        }
        return PrefixKey.of(digest.digest());
    }

    /**
     * The key of a page.
     *
     * @param previous the key of the page before it, or the root
     * @param tokenIds the page's tokens are the 64 from {@code from} on
     */
    PrefixKey next(PrefixKey previous, int[] tokenIds, int from) {
        link.clear();
        previous.write(link);
        for (int index = 0; index < KeyValueLayout.PAGE_POSITIONS; index++) {
            link.putInt(tokenIds[from + index]);
        }
        digest.update(link.array());
        return PrefixKey.of(digest.digest());
    }
}
