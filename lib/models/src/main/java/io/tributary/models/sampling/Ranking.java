package io.tributary.models.sampling;

import java.util.Arrays;

/**
 * The order "higher score first, lower id first on a tie" as plain numbers: a key is a long whose natural order is that
 * order, so that ranking neither boxes nor compares by callback.
 */
final class Ranking {
    private Ranking() {}

    /** The key of a token; scores are not NaN. */
    static long key(float score, int id) {
        // Adding zero makes -0 and 0 a tie.
        int bits = Float.floatToRawIntBits(score + 0f);
        int ascending = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
        return ((long) ~ascending << 32) | id;
    }

    /** The token of a key. */
    static int id(long key) {
        return (int) key;
    }

    /**
     * Puts the keys of the {@code wanted} best of {@code scores[0..count)} in front of {@code keys}, best first.
     *
     * @param wanted 1 to count
     */
    static void best(float[] scores, int count, int wanted, long[] keys) {
        for (int id = 0; id < wanted; id++) {
            keys[id] = key(scores[id], id);
        }
        for (int parent = wanted / 2 - 1; parent >= 0; parent--) {
            sink(keys, parent, wanted);
        }
        for (int id = wanted; id < count; id++) {
            long key = key(scores[id], id);
            if (key < keys[0]) {
                keys[0] = key;
                sink(keys, 0, wanted);
            }
        }
        Arrays.sort(keys, 0, wanted);
    }

    /** Restores the heap whose root is the worst (greatest) key. */
    private static void sink(long[] heap, int start, int size) {
        int parent = start;
        long sinking = heap[parent];
        while (2 * parent + 1 < size) {
            int child = 2 * parent + 1;
            if (child + 1 < size && heap[child + 1] > heap[child]) {
                child++;
            }
            if (heap[child] <= sinking) {
                break;
            }
            heap[parent] = heap[child];
            parent = child;
        }
        heap[parent] = sinking;
    }
}
