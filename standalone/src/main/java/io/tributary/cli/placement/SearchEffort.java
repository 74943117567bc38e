package io.tributary.cli.placement;

/** How much longer placements may be searched; what is counted is work and not time, so that the outcome is always the same. */
final class SearchEffort {
    /** About a second. */
    private static final long LARGEST = 1L << 28;

    private static final long OF_ANY_STEP = 64;

    private final long ofStep;
    private long left = LARGEST;

    /** A step looks at each layer of each shard. */
    SearchEffort(int layers, int shards) {
        ofStep = (long) layers * shards + OF_ANY_STEP;
    }

    void countStep() {
        left -= ofStep;
    }

    /** Whether another step may be taken. */
    boolean isLeft() {
        return left > 0;
    }
}
