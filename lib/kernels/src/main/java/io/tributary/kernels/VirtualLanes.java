package io.tributary.kernels;

/** The lanes of the canonical order of row reductions, whatever the width of the machine's vectors. */
final class VirtualLanes {
    static final int COUNT = 16;

    private VirtualLanes() {}

    /** The next multiple of the virtual lanes. */
    static int roundUp(int elements) {
        return (elements + COUNT - 1) & -COUNT;
    }
}
