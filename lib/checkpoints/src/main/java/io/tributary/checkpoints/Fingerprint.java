package io.tributary.checkpoints;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/** A digest of what a model is, apart from the values of its weights. */
final class Fingerprint {
    private final MessageDigest digest = Sha256.digest();
    private final ByteBuffer number = ByteBuffer.allocate(Long.BYTES);

    private Fingerprint() {}

    /** SHA-256 in hexadecimal; every part is preceded by its length, so that parts cannot run into each other. */
    static String of(ByteBuffer configuration, TensorDirectory directory) {
        Fingerprint fingerprint = new Fingerprint();
        fingerprint.add(configuration.remaining());
        fingerprint.digest.update(configuration);
        for (TensorDirectory.Entry entry : directory.entries()) {
            fingerprint.add(entry.name());
            fingerprint.add(entry.typeName());
            fingerprint.add(entry.shape().size());
            entry.shape().forEach(fingerprint::add);
            fingerprint.add(entry.offset());
        }
        return HexFormat.of().formatHex(fingerprint.digest.digest());
    }

    private void add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        add(bytes.length);
        digest.update(bytes);
    }

    private void add(long value) {
        digest.update(number.clear().putLong(value).flip());
    }
}
