package io.tributary.models;

import io.tributary.kernels.FloatMatrix;
import io.tributary.models.architecture.Gating;
import io.tributary.models.architecture.MixtureOfExperts;
import io.tributary.models.experts.ExpertRouter;
import io.tributary.models.experts.Routing;
import io.tributary.models.weights.Projection;
import io.tributary.models.weights.TensorRole;
import io.tributary.models.weights.WeightLoader;
import java.lang.foreign.ValueLayout;

/** Chooses the experts of one layer for each row. For one thread at a time. */
public final class ExpertGate {
    private final Workspace workspace;
    private final Gating gating;
    private final int experts;
    private final Projection projection;
    private final ExpertRouter router;
    private final RowBuffer logits;
    private FloatMatrix current;

    /**
     * @param layer the layer in the model
     * @param width elements of the residual stream
     */
    ExpertGate(MixtureOfExperts mixture, int layer, int width, WeightLoader loader, Workspace workspace) {
        this.workspace = workspace;
        gating = mixture.gating();
        experts = mixture.experts();
        projection = loader.projection(TensorRole.EXPERT_GATING, layer, experts, width, false);
        router = ExpertRouter.of(gating, experts, correction(layer, loader), workspace.maximalRows());
        logits = workspace.buffer("gate logits", experts);
        current = logits.front(0);
    }

    private float[] correction(int layer, WeightLoader loader) {
        return gating instanceof Gating.SigmoidTopK sigmoid && sigmoid.corrected()
                ? loader.gatingCorrection(layer, experts).toArray(ValueLayout.JAVA_FLOAT)
                : new float[0];
    }

    /** How it chooses. */
    public Gating gating() {
        return gating;
    }

    /** Experts to choose from. */
    public int experts() {
        return experts;
    }

    /** An empty routing with room for all that one pass can choose. */
    public Routing newRouting() {
        return new Routing(experts, Math.multiplyExact(gating.mostPerToken(experts), workspace.maximalRows()));
    }

    /** Computes the gate's logits of normalised hidden states [rows, width]. */
    public void apply(FloatMatrix normalized) {
        current = logits.front(normalized.rows());
        projection.apply(normalized, current, workspace.pool());
    }

    /** Whether the logits of the rows from {@code first} to before {@code end} are finite. */
    public boolean finite(int first, int end) {
        return !NonFiniteNumbers.any(current.data(), (long) first * experts, (long) (end - first) * experts);
    }

    /** The logits [rows, experts] of the rows that it was applied to. */
    FloatMatrix logits() {
        return current;
    }

    /**
     * Chooses for the rows of one sequence, the whole of it if {@link Gating#routesWholeSequences}.
     *
     * @param first its first row of those that the gate was applied to; their logits are finite
     * @param end the row behind its last one
     * @param routing gets the assignments; neither cleared before nor grouped after
     */
    public void route(int first, int end, Routing routing) {
        router.route(current, first, end, routing);
    }
}
