package io.tributary.models;

import io.tributary.kernels.FloatMatrix;
import io.tributary.kernels.WorkPool;
import io.tributary.models.weights.Projection;
import java.lang.foreign.Arena;
import org.jspecify.annotations.Nullable;

/**
 * The final norm and the unembedding of a last stage, for hidden states of which a forward pass was not asked for logits: a
 * few rows at a time, so that a prompt of which every position counts needs no memory for the logits of all. A row has the
 * bits that {@link DecoderStage#logits} has for it. Used by the thread of the stage; memory is taken with the first use.
 */
public final class OutputHead {
    /** Rows at a time: enough that reading the weights is shared, few enough for the largest vocabularies. */
    public static final int MAXIMAL_ROWS = 16;

    private final NormBlock finalNorm;
    private final Projection unembedding;
    private final WorkPool pool;
    private @Nullable Rows rows;

    OutputHead(NormBlock finalNorm, Projection unembedding, WorkPool pool) {
        this.finalNorm = finalNorm;
        this.unembedding = unembedding;
        this.pool = pool;
    }

    /** Memory that can be freed before the stage is. */
    private static final class Rows {
        private final Arena arena = Arena.ofShared();
        private final FloatMatrix normalized;
        private final FloatMatrix logits;

        Rows(int width, int vocabulary) {
            normalized = FloatMatrix.allocate(arena, MAXIMAL_ROWS, width);
            logits = FloatMatrix.allocate(arena, MAXIMAL_ROWS, vocabulary);
        }
    }

    /**
     * Hidden states behind the final norm [rows, width]; until the next call.
     *
     * @param hidden [rows, width] behind the last layer, as {@link DecoderStage#hidden} has them; at most
     *     {@value #MAXIMAL_ROWS} rows; not changed
     * @throws IllegalArgumentException if there are more
     */
    public FloatMatrix normalized(FloatMatrix hidden) {
        if (hidden.rows() > MAXIMAL_ROWS) {
            throw new IllegalArgumentException(
                    hidden.rows() + " rows of hidden states; at most " + MAXIMAL_ROWS + " are taken at once");
        }
        FloatMatrix normalized = memory().normalized.rows(0, hidden.rows());
        finalNorm.apply(hidden, normalized, pool);
        return normalized;
    }

    /**
     * Logits [rows, vocabulary]; until the next call.
     *
     * @param hidden as {@link #normalized} takes them
     * @throws IllegalArgumentException as {@link #normalized} does
     */
    public FloatMatrix logits(FloatMatrix hidden) {
        FloatMatrix normalized = normalized(hidden);
        FloatMatrix logits = memory().logits.rows(0, hidden.rows());
        unembedding.apply(normalized, logits, pool);
        return logits;
    }

    private Rows memory() {
        Rows current = rows;
        if (current == null) {
            current = new Rows(
                    unembedding.weights().inputs(), unembedding.weights().outputs());
            rows = current;
        }
        return current;
    }

    void close() {
        if (rows != null) {
            rows.arena.close();
            rows = null;
        }
    }
}
