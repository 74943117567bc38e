package io.tributary.kernels;

/** The loops of attention over the rows of a tile and one page, in the canonical order. */
sealed interface AttentionKernels permits VectorAttentionKernels, ScalarAttentionKernels {
    /** Those of this process. */
    AttentionKernels CURRENT = KernelPath.VECTORS ? new VectorAttentionKernels() : new ScalarAttentionKernels();

    /** Makes the rows of the tile ones that have seen no key. */
    void begin(AttentionOperands operands);

    /**
     * Widens one head of a page that is not F32.
     *
     * @param source address of the head in its page
     * @param target address of as many floats, and a vector more
     */
    void widen(KeyValueLayout layout, long source, long target);

    /** Lets the rows of the tile see the keys and values of the page. */
    void attend(AttentionOperands operands);

    /** Writes {@code source[i] * factor} to {@code target[i]}; the two may be the same. */
    void scale(long source, float factor, long target, int count);
}
