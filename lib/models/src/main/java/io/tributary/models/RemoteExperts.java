package io.tributary.models;

import io.tributary.kernels.FloatMatrix;
import io.tributary.models.experts.Routing;
import org.jspecify.annotations.Nullable;

/**
 * Where a stage has the experts of its layers chosen and computed that it does not hold itself. Called by the stage's thread:
 * a {@link #begin}, then a {@link #finish}, for one layer after the other.
 */
public interface RemoteExperts {
    /**
     * Begins with a layer, and does not wait.
     *
     * @param layer the layer in the model
     * @param input the normalised hidden states [rows, width]; they stay as they are until {@link #finish} has returned
     * @param sequenceEnds the row behind the last one of each sequence, ascending; kept by the caller
     * @param sequences how many elements of that count
     * @param reportsRouting whether it will be asked which experts were chosen
     */
    void begin(int layer, FloatMatrix input, int[] sequenceEnds, int sequences, boolean reportsRouting);

    /**
     * Waits for the layer that was begun.
     *
     * @param sums gets the weighted outputs of the chosen experts of each row [rows, width], added as
     *     {@link io.tributary.models.experts.ExpertSum} does, without the shared expert
     * @param routing gets the assignments, by ascending row for each expert; null if they were not asked for
     * @throws RemoteExpertsException if they cannot be had for one of the sequences
     */
    void finish(FloatMatrix sums, @Nullable Routing routing);
}
