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
    Q4_0(32, 18);

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
