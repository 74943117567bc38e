package io.tributary.models.experts;

import java.util.Arrays;

/** Which experts each row got: a {@link Routing} seen by rows. Grows as needed and is reused. Not thread-safe. */
public final class RoutedRows {
    private int rows;
    /** Where the experts of each row begin, and behind the last row where they end. */
    private int[] starts = new int[1];

    private int[] places = {};
    private int[] experts = {};
    private float[] weights = {};

    /**
     * Takes over a routing.
     *
     * @param routing grouped
     * @param rowCount rows of the batch, whether they got experts or not
     */
    public void take(Routing routing, int rowCount) {
        rows = rowCount;
        reserve(routing.size());
        for (int expert = 0; expert < routing.experts(); expert++) {
            for (int index = 0; index < routing.count(expert); index++) {
                starts[routing.row(expert, index) + 1]++;
            }
        }
        for (int row = 0; row < rows; row++) {
            starts[row + 1] += starts[row];
        }
        place(routing);
    }

    private void reserve(int assignments) {
        if (starts.length <= rows) {
            starts = new int[rows + 1];
            places = new int[rows];
        }
        Arrays.fill(starts, 0);
        if (experts.length < assignments) {
            experts = new int[assignments];
            weights = new float[assignments];
        }
    }

    /** From the largest expert to the smallest, each in front of those of its row that are placed already. */
    private void place(Routing routing) {
        System.arraycopy(starts, 1, places, 0, rows);
        for (int expert = routing.experts() - 1; expert >= 0; expert--) {
            for (int index = 0; index < routing.count(expert); index++) {
                int place = --places[routing.row(expert, index)];
                experts[place] = expert;
                weights[place] = routing.weight(expert, index);
            }
        }
    }

    /** Number of rows. */
    public int rows() {
        return rows;
    }

    /** How many experts a row got. */
    public int count(int row) {
        return starts[row + 1] - starts[row];
    }

    /** An expert of a row; ascending over the rank. */
    public int expert(int row, int rank) {
        return experts[starts[row] + rank];
    }

    /** The weight of that expert's output. */
    public float weight(int row, int rank) {
        return weights[starts[row] + rank];
    }
}
