package io.tributary.models.speech;

import io.tributary.checkpoints.StoredTensor;
import io.tributary.kernels.Codebook;
import io.tributary.kernels.FloatMatrix;
import io.tributary.kernels.WorkPool;
import io.tributary.models.weights.WeightLoader;
import java.lang.foreign.Arena;
import java.util.Arrays;

/** Frames as units: the number of the nearest of the centroids that k-means found, as in HuBERT's training targets. */
public final class SpeechUnits {
    private final Codebook centroids;

    /** @param centroids [units, width] */
    public SpeechUnits(Codebook centroids) {
        this.centroids = centroids;
    }

    /**
     * Takes centroids from a file.
     *
     * @param centroids [units, width], finite
     * @param arena gives the memory, which must live as long as this is used
     * @throws io.tributary.models.weights.WeightException when the type, the shape or a number is another
     */
    public static SpeechUnits of(StoredTensor centroids, Arena arena) {
        return new SpeechUnits(Codebook.pack(WeightLoader.matrix(centroids, arena), arena));
    }

    /**
     * The unit of every frame, by the exact squared distance; of equal ones the first.
     *
     * @param features [frames, width] of the layer whose features the centroids are of
     * @throws IllegalArgumentException when the width is another
     */
    public int[] assign(FloatMatrix features, WorkPool pool) {
        int[] units = new int[features.rows()];
        centroids.search(features, units, new float[features.rows()], pool);
        return units;
    }

    /** The units without those that equal the one before. */
    public static int[] withoutRepeats(int[] units) {
        int[] kept = new int[units.length];
        int count = 0;
        for (int i = 0; i < units.length; i++) {
            if (i == 0 || units[i] != units[i - 1]) {
                kept[count++] = units[i];
            }
        }
        return Arrays.copyOf(kept, count);
    }
}
