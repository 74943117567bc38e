package io.tributary.models.experts;

import java.util.Arrays;

/**
 * Which rows each expert computes, and the weight of its output for each of them. Filled by an {@link ExpertRouter}, then
 * grouped by expert. Reused: {@link #clear} makes it empty. Not thread-safe.
 */
public final class Routing {
    private final int experts;
    private final int[] addedRows;
    private final int[] addedExperts;
    private final float[] addedWeights;
    /** Where the assignments of each expert begin once grouped, and behind the last expert where they end. */
    private final int[] starts;

    private final int[] rows;
    private final float[] weights;
    private int size;

    /**
     * @param experts to choose from
     * @param maximalAssignments pairs of row and expert that it can hold
     */
    public Routing(int experts, int maximalAssignments) {
        this.experts = experts;
        addedRows = new int[maximalAssignments];
        addedExperts = new int[maximalAssignments];
        addedWeights = new float[maximalAssignments];
        starts = new int[experts + 1];
        rows = new int[maximalAssignments];
        weights = new float[maximalAssignments];
    }

    /** Takes all assignments out. */
    public void clear() {
        size = 0;
        Arrays.fill(starts, 0);
    }

    /**
     * Assigns a row to an expert. An expert's rows must be added in ascending order.
     *
     * @throws IndexOutOfBoundsException if there is no such expert, or no room
     */
    public void add(int row, int expert, float weight) {
        if (expert < 0 || expert >= experts || size == addedRows.length) {
            throw new IndexOutOfBoundsException("assignment " + size + " of a row to expert " + expert
                    + "; there are experts 0 to " + (experts - 1) + " and room for " + addedRows.length);
        }
        addedRows[size] = row;
        addedExperts[size] = expert;
        addedWeights[size] = weight;
        size++;
    }

    /** Orders the assignments by expert, those of an expert as they were added. */
    public void group() {
        Arrays.fill(starts, 0);
        for (int index = 0; index < size; index++) {
            starts[addedExperts[index]]++;
        }
        int end = 0;
        for (int expert = 0; expert <= experts; expert++) {
            end += starts[expert];
            starts[expert] = end;
        }
        // From the end of each expert's part to its beginning, so that starts are right when all are placed.
        for (int index = size - 1; index >= 0; index--) {
            int place = --starts[addedExperts[index]];
            rows[place] = addedRows[index];
            weights[place] = addedWeights[index];
        }
    }

    /** Number of assignments. */
    public int size() {
        return size;
    }

    /** Number of experts to choose from. */
    public int experts() {
        return experts;
    }

    /** Number of rows of an expert; grouped. */
    public int count(int expert) {
        return starts[expert + 1] - starts[expert];
    }

    /** A row of an expert; grouped. Ascending over the index. */
    public int row(int expert, int index) {
        return rows[starts[expert] + index];
    }

    /** The weight of an expert's output for its row of that index; grouped. */
    public float weight(int expert, int index) {
        return weights[starts[expert] + index];
    }
}
