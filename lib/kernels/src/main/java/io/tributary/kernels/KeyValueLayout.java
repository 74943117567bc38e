package io.tributary.kernels;

/**
 * The layout of one layer's page of keys and values, float32: the keys as
 * {@code [keyValueHeads][4 blocks of 16 positions][headSize][16]}, then the values as
 * {@code [keyValueHeads][64 positions][headSize]}.
 *
 * @param keyValueHeads number of key/value heads, 1 or more
 * @param headSize elements of one head, 1 or more
 */
public record KeyValueLayout(int keyValueHeads, int headSize) {
    /** Positions held by one page. */
    public static final int PAGE_POSITIONS = 64;

    /**
     * Checks the dimensions.
     *
     * @throws IllegalArgumentException when one is below 1 or a page would exceed 1 GiB
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
        return 2 * (long) rowElements() * PAGE_POSITIONS * Float.BYTES;
    }

    /** Elements of the key (or value) row of one position: {@code keyValueHeads * headSize}. */
    public int rowElements() {
        return keyValueHeads * headSize;
    }

    /** Bytes of the keys (or the values) of one head in a page. */
    long headBytes() {
        return (long) PAGE_POSITIONS * headSize * Float.BYTES;
    }

    /** Byte offset in a page of the keys of a head. */
    long keysOffset(int keyValueHead) {
        return keyValueHead * headBytes();
    }

    /** Byte offset in a page of the values of a head. */
    long valuesOffset(int keyValueHead) {
        return (keyValueHeads + keyValueHead) * headBytes();
    }
}
