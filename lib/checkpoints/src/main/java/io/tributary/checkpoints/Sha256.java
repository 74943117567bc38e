package io.tributary.checkpoints;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The hash by which models and what is derived from them are told apart. */
public final class Sha256 {
    private Sha256() {}

    /** A new, empty digest. */
    public static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException cause) {
            throw new IllegalStateException("Every Java platform has SHA-256, but not this one", cause);
        }
    }

    /** The hash of a text as UTF-8, in lower-case hexadecimal. */
    public static String hexOf(String text) {
        return HexFormat.of().formatHex(digest().digest(text.getBytes(StandardCharsets.UTF_8)));
    }
}
