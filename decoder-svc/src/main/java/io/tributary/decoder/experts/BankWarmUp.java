package io.tributary.decoder.experts;

import io.tributary.models.ExpertBank;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;

/** Has a bank compute made-up rows, which makes the JVM compile its kernels before the first router asks. */
public final class BankWarmUp {
    private static final List<Integer> ROWS = List.of(48, 1, 4, 1);

    private BankWarmUp() {}

    /**
     * Runs until the time is over; the matrix that has begun then still ends.
     *
     * @param layers of the model
     * @param limit none is computed when it is zero
     * @return the matrices that were computed
     */
    public static int run(ExpertBank bank, int layers, Duration limit) {
        int[] experts = bank.experts().indices().toArray();
        long deadline = System.nanoTime() + limit.toNanos();
        int matrices = 0;
        boolean any = true;
        while (any && System.nanoTime() < deadline) {
            any = false;
            for (int layer = 0; layer < layers; layer++) {
                for (int expert : experts) {
                    if (bank.holds(layer, expert) && System.nanoTime() < deadline) {
                        compute(bank, layer, expert, ROWS.get(matrices % ROWS.size()));
                        matrices++;
                        any = true;
                    }
                }
            }
        }
        return matrices;
    }

    private static void compute(ExpertBank bank, int layer, int expert, int wanted) {
        int rows = Math.min(wanted, bank.maximalRows());
        var input = bank.input(rows).data();
        for (long index = 0; index < (long) rows * bank.width(); index++) {
            input.setAtIndex(ValueLayout.JAVA_FLOAT, index, index % 7 - 3f);
        }
        var _ = bank.compute(layer, expert, rows);
    }
}
