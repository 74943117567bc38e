package io.tributary.models;

import io.tributary.kernels.Rope;
import io.tributary.kernels.WorkPool;
import io.tributary.models.architecture.RotaryPosition;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Cosines and sines of the rows of the current batch, computed once for all layers that rotate alike. Angles, cosines and
 * sines are computed in double by {@link StrictMath}, so that every machine has the same bits, and rounded once.
 */
final class RotaryTable implements WorkPool.Part {
    /** What a sine and a cosine in double precision cost, in multiply-adds. */
    private static final int OPERATIONS_PER_PAIR = 1000;

    private final RotaryPosition position;
    private final int index;
    private final RowPlan plan;
    private final RowBuffer cosines;
    private final RowBuffer sines;
    private final double[] commonFrequencies;

    /** @param index of this table among those of the stage */
    RotaryTable(RotaryPosition position, int index, RowPlan plan, Arena arena, int maximalRows) {
        this.position = position;
        this.index = index;
        this.plan = plan;
        this.cosines = new RowBuffer(arena, maximalRows, position.pairs());
        this.sines = new RowBuffer(arena, maximalRows, position.pairs());
        this.commonFrequencies = position.frequencies(1);
    }

    RotaryPosition position() {
        return position;
    }

    /** The angle per position of each pair, for a sequence that may get so many positions. */
    double[] frequencies(int maximalPositions) {
        return position.dependsOnDeclaredPositions() ? position.frequencies(maximalPositions) : commonFrequencies;
    }

    /** Fills the table for the rows of the plan. */
    void fill(WorkPool pool) {
        long operations = (long) plan.rows() * position.pairs() * OPERATIONS_PER_PAIR;
        pool.forEach(plan.rows(), operations, this);
    }

    @Override
    public void run(int row, int worker) {
        double[] frequencies = plan.sequence(row).frequencies(index);
        MemorySegment cosine = cosines.row(row);
        MemorySegment sine = sines.row(row);
        for (int pair = 0; pair < frequencies.length; pair++) {
            double angle = plan.position(row) * frequencies[pair];
            cosine.setAtIndex(ValueLayout.JAVA_FLOAT, pair, (float) StrictMath.cos(angle));
            sine.setAtIndex(ValueLayout.JAVA_FLOAT, pair, (float) StrictMath.sin(angle));
        }
    }

    /** Rotates all heads of the first rows of queries or keys. */
    void rotate(RowBuffer x, int rows, int heads, int headSize, WorkPool pool) {
        Rope.rotate(x.front(rows), heads, headSize, cosines.front(rows), sines.front(rows), position.pairing(), pool);
    }
}
