package io.tributary.kernels;

/** Number formats of stored weights, as in GGUF and safetensors files. */
public enum WeightType {
    /** IEEE 754 single precision. */
    F32(1, 4),
    /** IEEE 754 half precision. */
    F16(1, 2),
    /** The upper half of single precision. */
    BF16(1, 2),
    /** GGUF blocks of 32: an F16 scale d, then 32 signed bytes q; the weight is d * q. */
    Q8_0(32, 34),
    /**
     * GGUF blocks of 32: an F16 scale d, then 16 bytes; the low nibbles are the values 0 to 15, the high nibbles the
     * values 16 to 31; the weight is d * (nibble - 8).
     */
    Q4_0(32, 18),
    /** As Q4_0, but behind the scale stands an F16 minimum m; the weight is d * nibble + m. */
    Q4_1(32, 20),
    /** GGUF blocks of 32: an F16 scale d, 32 high bits, then nibbles as in Q4_0; the weight is d * (quant - 16). */
    Q5_0(32, 22),
    /** As Q5_0, but behind the scale stands an F16 minimum m; the weight is d * quant + m. */
    Q5_1(32, 24),
    /**
     * GGUF blocks of 256 in sub-blocks of 32: an F16 scale d and an F16 minimum m, for each sub-block a multiple s of the
     * one and t of the other (six bits each, in 12 bytes), then nibbles; the weight is d * s * nibble - m * t.
     */
    Q4_K(256, 144),
    /** As Q4_K, with 256 high bits before the nibbles; the weight is d * s * quant - m * t. */
    Q5_K(256, 176),
    /**
     * GGUF blocks of 256 in sub-blocks of 16: the low nibbles of all quants, pairs of their high bits, for each sub-block a
     * signed byte s, and an F16 scale d; the weight is d * s * (quant - 32).
     */
    Q6_K(256, 210);

    private final int blockElements;
    private final int blockBytes;

    WeightType(int blockElements, int blockBytes) {
        this.blockElements = blockElements;
        this.blockBytes = blockBytes;
    }

    /** Number of weights in one block. */
    public int blockElements() {
        return blockElements;
    }

    /** Number of bytes of one block. */
    public int blockBytes() {
        return blockBytes;
    }

    /**
     * Returns the bytes of a row of weights.
     *
     * @throws IllegalArgumentException when the row is not a whole number of blocks
     */
    public long rowBytes(int elements) {
        if (elements < 0 || elements % blockElements != 0) {
            throw new IllegalArgumentException("a row of " + elements + " weights of type " + this
                    + " is not a whole number of blocks of " + blockElements);
        }
        return (long) (elements / blockElements) * blockBytes;
    }
}
