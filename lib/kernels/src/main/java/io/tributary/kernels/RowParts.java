package io.tributary.kernels;

/**
 * The rows of a matrix as parts that threads share; no row depends on another. Kept for each calling thread, so that a call
 * allocates nothing.
 */
abstract class RowParts implements WorkPool.Part {
    /** Enough parts for each thread that the last ones to finish differ little. */
    private static final int PARTS_PER_THREAD = 4;

    private int rows;
    private int height;

    /** @param operations of one row, about as long as a multiply-add each */
    final void forEachRow(int rows, long operations, WorkPool pool) {
        this.rows = rows;
        this.height = Math.max(1, Math.ceilDiv(rows, PARTS_PER_THREAD * pool.threads()));
        pool.forEach(Math.ceilDiv(rows, height), rows * operations, this);
    }

    @Override
    public final void run(int part, int worker) {
        int end = Math.min(rows, (part + 1) * height);
        for (int row = part * height; row < end; row++) {
            compute(row);
        }
    }

    abstract void compute(int row);
}
