package io.tributary.kernels;

import java.lang.foreign.Arena;
import java.util.SplittableRandom;

/** A seeded search for nearest codewords; returns what the kernel or the canonical reference finds. */
record CodebookCase(int vectors, int count, int size, long seed) {

    /** The number of the nearest codeword and its squared distance, for one vector after the other. */
    float[] found(boolean kernel) {
        float[][] x = Samples.normalRows(new SplittableRandom(seed), vectors, size, 1);
        float[][] codewords = Samples.normalRows(new SplittableRandom(seed + 1), count, size, 1);
        // some codewords are there twice: the first counts
        for (int word = 5; word < count; word += 7) {
            codewords[word] = codewords[word / 2].clone();
        }
        return kernel ? searched(x, codewords) : reference(x, codewords);
    }

    private float[] searched(float[][] x, float[][] codewords) {
        try (Arena arena = Arena.ofShared();
                WorkPool pool = new WorkPool(2)) {
            Codebook codebook = Codebook.pack(Samples.matrix(arena, codewords), arena);
            int[] nearest = new int[vectors];
            float[] distances = new float[vectors];
            codebook.search(Samples.matrix(arena, x), nearest, distances, pool);
            float[] found = new float[2 * vectors];
            for (int row = 0; row < vectors; row++) {
                found[2 * row] = nearest[row];
                found[2 * row + 1] = distances[row];
            }
            return found;
        }
    }

    /** One codeword after the other, one element after the other. */
    static float[] reference(float[][] x, float[][] codewords) {
        float[] found = new float[2 * x.length];
        for (int row = 0; row < x.length; row++) {
            float best = Float.POSITIVE_INFINITY;
            for (int word = 0; word < codewords.length; word++) {
                float distance = 0f;
                for (int i = 0; i < x[row].length; i++) {
                    float difference = codewords[word][i] - x[row][i];
                    distance = Math.fma(difference, difference, distance);
                }
                if (distance < best) {
                    best = distance;
                    found[2 * row] = word;
                }
            }
            found[2 * row + 1] = best;
        }
        return found;
    }
}
