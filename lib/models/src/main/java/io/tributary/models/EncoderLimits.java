package io.tributary.models;

/**
 * What an encoder computes at once at most; it takes memory for so much when it is loaded.
 *
 * @param rows positions of all sequences together
 * @param sequences number of sequences
 */
public record EncoderLimits(int rows, int sequences) {
    /** For sentences and pictures on a few cores. */
    public static final EncoderLimits DEFAULT = new EncoderLimits(2048, 64);

    /** @throws IllegalArgumentException if one of them is below 1 */
    public EncoderLimits {
        if (rows < 1 || sequences < 1) {
            throw new IllegalArgumentException(
                    "an encoder for " + rows + " rows of " + sequences + " sequences can compute nothing");
        }
    }
}
