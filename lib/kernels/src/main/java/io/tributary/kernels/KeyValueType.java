package io.tributary.kernels;

/** How the numbers of keys and values are stored. Attention widens them to float32. */
public enum KeyValueType {
    /** Float32, stored as they are. */
    F32(Float.BYTES),
    /** IEEE halves, rounded to nearest, ties to even; what is beyond 65504 becomes 65504. */
    F16(Short.BYTES),
    /** The upper halves of float32, rounded to nearest, ties to even; what rounds to infinity becomes the largest. */
    BF16(Short.BYTES),
    /**
     * Signed bytes with one float32 scale for each position and head of the keys, and one of the values: the largest
     * magnitude divided by 127. A number is its quant times the scale, rounded once to float32.
     */
    Q8(Byte.BYTES);

    private final int elementBytes;

    KeyValueType(int elementBytes) {
        this.elementBytes = elementBytes;
    }

    /** Bytes of the key and the value of one head at one position, scales included. */
    public long bytes(int headSize) {
        return 2L * headSize * elementBytes + scaleBytes();
    }

    int elementBytes() {
        return elementBytes;
    }

    /** Bytes of the scales of the key and the value of one head at one position. */
    int scaleBytes() {
        return this == Q8 ? 2 * Float.BYTES : 0;
    }
}
