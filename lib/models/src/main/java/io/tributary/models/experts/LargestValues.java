package io.tributary.models.experts;

import java.util.Arrays;

/**
 * The largest of some values; of equal values the one with the lower index comes first. Values must not be NaN. Reused;
 * not thread-safe.
 */
final class LargestValues {
    private final int[] indices;
    private final float[] values;
    private int count;

    /** @param most values that are ever wanted */
    LargestValues(int most) {
        indices = new int[most];
        values = new float[most];
    }

    /** Begins another choice. */
    void begin() {
        count = 0;
    }

    /**
     * Offers a value; indices must be offered in ascending order.
     *
     * @param wanted how many values are kept, the same for one choice
     */
    void offer(int index, float value, int wanted) {
        if (count == wanted) {
            if (wanted == 0 || value <= values[count - 1]) {
                return;
            }
            count--;
        }
        int place = count;
        while (place > 0 && values[place - 1] < value) {
            values[place] = values[place - 1];
            indices[place] = indices[place - 1];
            place--;
        }
        values[place] = value;
        indices[place] = index;
        count++;
    }

    /** Number of values kept. */
    int count() {
        return count;
    }

    /** The index of the value of a rank, 0 for the largest. */
    int index(int rank) {
        return indices[rank];
    }

    /** The value of a rank, 0 for the largest; not after {@link #sortByIndex}. */
    float value(int rank) {
        return values[rank];
    }

    /** Gives the indices in ascending order from now on. */
    void sortByIndex() {
        Arrays.sort(indices, 0, count);
    }
}
