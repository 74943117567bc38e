package io.tributary.gateway.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The SHA-256 of an API key. Keys are random and long, so there is nothing to guess that a slower hash would protect. */
final class ApiKeyHash {
    private static final int LENGTH = 32;

    private final byte[] bytes;

    private ApiKeyHash(byte[] bytes) {
        this.bytes = bytes;
    }

    static ApiKeyHash of(String key) {
        try {
            return new ApiKeyHash(MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }

    /**
     * Reads a hash from the configuration.
     *
     * @throws IllegalArgumentException if it is not 64 hexadecimal digits
     */
    static ApiKeyHash parse(String hexadecimal) {
        byte[] bytes = HexFormat.of().parseHex(hexadecimal.strip());
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("%d bytes".formatted(bytes.length));
        }
        return new ApiKeyHash(bytes);
    }

    /** Takes the same time wherever the hashes differ. */
    boolean matches(ApiKeyHash other) {
        return MessageDigest.isEqual(bytes, other.bytes);
    }

    /** In hexadecimal. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
