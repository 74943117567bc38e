package io.tributary.models;

import io.tributary.kernels.FloatMatrix;
import io.tributary.kernels.KeyValueType;
import io.tributary.kernels.WorkPool;
import io.tributary.models.architecture.EncoderArchitecture;
import io.tributary.models.weights.EncoderNaming;
import io.tributary.models.weights.WeightLoader;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/**
 * The layers of an encoder. Sequences of any lengths stand one after the other without padding, and what comes of one has the
 * same bits whatever others are computed with it and however many threads compute. One thread at a time may use it.
 */
public final class EncoderStack {
    /** Told of the hidden states between the layers. */
    @FunctionalInterface
    public interface LayerObserver {
        /**
         * A layer has been computed.
         *
         * @param layer 0-based
         * @param hidden [rows, width], valid during the call
         */
        void computed(int layer, FloatMatrix hidden);
    }

    private final EncoderLimits limits;
    private final EncoderSequences sequences;
    private final Workspace workspace;
    private final List<EncoderLayer> layers = new ArrayList<>();

    /**
     * Loads the layers.
     *
     * @param arena gives the memory, which must live as long as the stack is used
     * @param pool computes
     * @throws io.tributary.checkpoints.CheckpointException if a tensor is missing or can't be read
     * @throws io.tributary.models.weights.WeightException if a tensor's shape, type or content does not do
     */
    public EncoderStack(
            EncoderArchitecture architecture,
            EncoderNaming naming,
            WeightLoader loader,
            Arena arena,
            WorkPool pool,
            EncoderLimits limits) {
        this.limits = limits;
        workspace = new Workspace(arena, pool, limits.rows(), architecture.width(), KeyValueType.F32);
        sequences = new EncoderSequences(
                arena, EncoderAttention.layout(architecture, workspace), limits.rows(), limits.sequences());
        for (int layer = 0; layer < architecture.layers(); layer++) {
            layers.add(new EncoderLayer(architecture, naming, layer, loader, workspace, sequences));
        }
    }

    /** What a batch may hold. */
    public EncoderLimits limits() {
        return limits;
    }

    /** The rows that {@link #run} reads and writes, [rows, width]: embeddings before it, hidden states after. */
    public FloatMatrix rows(int count) {
        return workspace.residual().front(count);
    }

    /**
     * Computes all layers for the rows that stand in {@link #rows}.
     *
     * @param lengths positions of each sequence, in order
     * @param observer told of each layer
     * @throws NonFiniteEncodingException if a layer makes NaN or infinity of a sequence
     * @throws IllegalArgumentException if the sequences do not fit
     */
    public void run(int[] lengths, LayerObserver observer) {
        sequences.place(lengths);
        int rows = sequences.rows();
        requireFinite("the input");
        for (int layer = 0; layer < layers.size(); layer++) {
            layers.get(layer).run(rows);
            requireFinite("layer " + layer);
            observer.computed(layer, rows(rows));
        }
    }

    private void requireFinite(String operation) {
        FloatMatrix rows = rows(sequences.rows());
        int width = rows.columns();
        if (!NonFiniteNumbers.any(rows.data(), 0, (long) rows.rows() * width)) {
            return;
        }
        for (int sequence = 0; sequence < sequences.count(); sequence++) {
            long first = (long) sequences.firstRow(sequence) * width;
            if (NonFiniteNumbers.any(rows.data(), first, (long) sequences.length(sequence) * width)) {
                throw new NonFiniteEncodingException(sequence, operation);
            }
        }
    }
}
