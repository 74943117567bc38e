package io.tributary.cli.placement;

import java.util.Random;
import java.util.stream.IntStream;

/** Loads for tests. */
final class Loads {
    private static final int MOST_ROWS = 10_000;

    private Loads() {}

    /** Uneven rows: few experts are hot, in each layer others, and many do little. */
    static ExpertLoads uneven(int layers, int experts, Random random) {
        return ExpertLoads.of(IntStream.range(0, layers)
                .mapToObj(layer -> random.doubles(experts)
                        .mapToLong(share -> (long) (MOST_ROWS * share * share * share))
                        .toArray())
                .toList());
    }
}
