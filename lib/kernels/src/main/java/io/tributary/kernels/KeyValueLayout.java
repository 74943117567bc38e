package io.tributary.kernels;

/**
 * The layout of one layer's page of keys and values: for each key/value head the values as
 * {@code [64 positions][headSize]}, then the keys as {@code [headSize][64 positions]}, and for {@link KeyValueType#Q8} the
 * scales of the values and those of the keys, {@code [64 positions]} float32 each. In this order kernels may read some
 * elements beyond the last value.
 *
 * @param keyValueHeads number of key/value heads, 1 or more
 * @param headSize elements of one head, 1 or more
 * @param type how elements are stored
 */
public record KeyValueLayout(int keyValueHeads, int headSize, KeyValueType type) {
    /** Positions held by one page. */
    public static final int PAGE_POSITIONS = 64;

    /**
     * Checks the dimensions.
     *
     * @throws IllegalArgumentException when one is below 1 or a page would exceed some GiB
     */
    public KeyValueLayout {
        if (keyValueHeads < 1 || headSize < 1) {
            throw new IllegalArgumentException("a layout of " + keyValueHeads + " key/value heads of " + headSize
                    + " elements: both must be at least 1");
        }
        if ((long) keyValueHeads * headSize > 1 << 21) {
            throw new IllegalArgumentException("a layout of " + keyValueHeads + " key/value heads of " + headSize
                    + " elements is more than 2097152 elements per position");
        }
    }

    /** Bytes of one page: the keys and values of 64 positions of one layer. */
    public long pageBytes() {
        return keyValueHeads * headBytes();
    }

    /** Elements of the key (or value) row of one position: {@code keyValueHeads * headSize}. */
    public int rowElements() {
        return keyValueHeads * headSize;
    }

    /** Byte offset in a page of the values of a head, which its keys follow. */
    long headOffset(int keyValueHead) {
        return keyValueHead * headBytes();
    }

    /** Byte offset of the keys of a head from its values. */
    long keysOffset() {
        return (long) headSize * PAGE_POSITIONS * type.elementBytes();
    }

    /** Byte offset of the scales of a head from its values. */
    long scalesOffset() {
        return 2 * keysOffset();
    }

    /** Bytes of the keys and values of one head in a page. */
    long headBytes() {
        return type.bytes(headSize) * PAGE_POSITIONS;
    }

    /** Elements of the keys and values of one head in a page. */
    int headElements() {
        return 2 * headSize * PAGE_POSITIONS;
    }
}
