package io.tributary.models.packing;

import io.tributary.checkpoints.Sha256;
import java.nio.ByteOrder;

/**
 * What a file of packed weights depends on besides the content of the model's files.
 *
 * @param fingerprint of the checkpoint
 * @param layout of the packed weights in this process
 * @param part which of the model's weights
 */
record StageIdentity(String fingerprint, String layout, String part) {
    /** What the file is called and found by: a hash of everything that decides what is in it. */
    String key(String contentHash) {
        return Sha256.hexOf(String.join(
                "\n", contentHash, fingerprint, layout, ByteOrder.nativeOrder().toString(), part));
    }
}
