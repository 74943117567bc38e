package io.tributary.gateway.openai;

import io.tributary.proto.gateway.v1.Model;
import java.security.SecureRandom;
import java.time.Instant;

/**
 * What all parts of one response tell.
 *
 * @param id of the response
 * @param created seconds since 1970
 * @param model that answers
 * @param systemFingerprint of its weights
 */
record ResponseHead(String id, long created, String model, String systemFingerprint) {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int ID_LENGTH = 24;
    private static final int FINGERPRINT_LENGTH = 10;

    /** @param prefix of the id, as in `chatcmpl-` */
    static ResponseHead of(String prefix, Model model) {
        String fingerprint = model.getFingerprint();
        return new ResponseHead(
                freshId(prefix),
                Instant.now().getEpochSecond(),
                model.getName(),
                "fp_" + fingerprint.substring(0, Math.min(FINGERPRINT_LENGTH, fingerprint.length())));
    }

    /** An id that nothing else has. */
    static String freshId(String prefix) {
        StringBuilder id = new StringBuilder(prefix);
        RANDOM.ints(ID_LENGTH, 0, ALPHABET.length()).forEach(index -> id.append(ALPHABET.charAt(index)));
        return id.toString();
    }
}
