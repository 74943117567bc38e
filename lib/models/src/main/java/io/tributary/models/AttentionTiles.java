package io.tributary.models;

/** The rows of a batch as tiles of consecutive positions of one sequence; reused. */
final class AttentionTiles {
    private final RowPlan plan;
    private final int maximalRows;
    /** The row at which each tile begins, and behind the last tile the row at which it ends. */
    private final int[] firstRows;

    private int count;

    /** @param maximalRows rows of a tile at most */
    AttentionTiles(RowPlan plan, int batchRows, int maximalRows) {
        this.plan = plan;
        this.maximalRows = maximalRows;
        this.firstRows = new int[batchRows + 1];
    }

    /** Cuts the plan's rows. */
    void cut(int rows) {
        count = 0;
        int row = 0;
        while (row < rows) {
            int end = plan.endOfRun(row);
            while (row < end) {
                firstRows[count] = row;
                count++;
                row = Math.min(end, row + maximalRows);
            }
        }
        firstRows[count] = rows;
    }

    int count() {
        return count;
    }

    int firstRow(int tile) {
        return firstRows[tile];
    }

    int rows(int tile) {
        return firstRows[tile + 1] - firstRows[tile];
    }
}
