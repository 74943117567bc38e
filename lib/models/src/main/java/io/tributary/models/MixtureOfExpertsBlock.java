package io.tributary.models;

import io.tributary.kernels.FloatMatrix;
import io.tributary.models.architecture.Gating;
import io.tributary.models.architecture.MixtureOfExperts;
import io.tributary.models.experts.ExpertRouter;
import io.tributary.models.experts.ExpertSum;
import io.tributary.models.experts.Routing;
import io.tributary.models.weights.Projection;
import io.tributary.models.weights.TensorRole;
import io.tributary.models.weights.WeightLoader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * The experts of one layer. The rows of a batch are grouped by expert, so that each expert computes one matrix; experts
 * that no row has chosen are not touched.
 *
 * <p>A row's outputs are added in the order of {@link ExpertSum}: experts by ascending index, then the shared expert.
 * Together with gate weights that depend on nothing but the row's own logits, this makes the bits of a row independent of
 * the batch, of chunks, threads and stages. The exceptions are gatings that route whole sequences (Switch with a capacity,
 * expert choice): they choose by all tokens of a sequence, so it must be computed in one chunk, and the stage refuses to
 * continue it. Other sequences in the batch change nothing there either.
 */
final class MixtureOfExpertsBlock implements Mixing {
    private final Workspace workspace;
    private final String gateName;
    private final Projection gate;
    private final ExpertRouter router;
    private final Routing routing;
    private final FeedForwardNetwork[] experts;
    private final @Nullable SharedExpertNetwork shared;
    private final int width;
    private final RowBuffer logits;
    private final RowBuffer inputs;
    private final RowBuffer outputs;

    /**
     * @param layer the layer in the model
     * @param width elements of the residual stream
     */
    MixtureOfExpertsBlock(
            MixtureOfExperts specification, int layer, int width, WeightLoader loader, Workspace workspace) {
        int count = specification.experts();
        Gating gating = specification.gating();
        this.workspace = workspace;
        this.width = width;
        gateName = "layer " + layer + ", gate of the mixture of experts";
        gate = loader.projection(TensorRole.EXPERT_GATING, layer, count, width, false);
        router = ExpertRouter.of(gating, count, correction(gating, layer, count, loader), workspace.maximalRows());
        routing = new Routing(count, Math.multiplyExact(gating.mostPerToken(count), workspace.maximalRows()));
        experts = new FeedForwardNetwork[count];
        for (int expert = 0; expert < count; expert++) {
            experts[expert] = load(specification, layer, expert, width, loader, workspace);
        }
        shared = specification
                .shared()
                .map(each -> new SharedExpertNetwork(each, layer, width, loader, workspace))
                .orElse(null);
        logits = workspace.buffer("gate logits", count);
        inputs = workspace.buffer("expert inputs", width);
        outputs = workspace.buffer("expert outputs", width);
    }

    @Override
    public String operation() {
        return "mixture of experts";
    }

    @Override
    public void run(int rows) {
        route(rows);
        ExpertSum.begin(workspace.summand().front(rows));
        for (int expert = 0; expert < experts.length; expert++) {
            if (routing.count(expert) > 0) {
                compute(expert, rows);
            }
        }
        if (shared != null) {
            shared.run(rows);
        }
    }

    private static float[] correction(Gating gating, int layer, int experts, WeightLoader loader) {
        return gating instanceof Gating.SigmoidTopK sigmoid && sigmoid.corrected()
                ? loader.gatingCorrection(layer, experts).toArray(ValueLayout.JAVA_FLOAT)
                : new float[0];
    }

    private static FeedForwardNetwork load(
            MixtureOfExperts specification,
            int layer,
            int expert,
            int width,
            WeightLoader loader,
            Workspace workspace) {
        return FeedForwardNetwork.load(
                specification.expert(),
                width,
                (role, outputs, inputs) ->
                        loader.expertProjection(role, layer, expert, specification.experts(), outputs, inputs),
                workspace);
    }

    private void route(int rows) {
        FloatMatrix gateLogits = logits.front(rows);
        gate.apply(workspace.normalized().front(rows), gateLogits, workspace.pool());
        workspace.plan().requireFinite(gateLogits.data(), experts.length, gateName);
        routing.clear();
        int first = 0;
        while (first < rows) {
            int end = workspace.plan().endOfRun(first);
            router.route(gateLogits, first, end, routing);
            first = end;
        }
        routing.group();
    }

    private void compute(int expert, int rows) {
        int count = routing.count(expert);
        FloatMatrix output = outputs.front(count);
        experts[expert].apply(input(expert, count, rows), output);
        for (int index = 0; index < count; index++) {
            MemorySegment sum = workspace.summand().row(routing.row(expert, index));
            ExpertSum.add(outputs.row(index), routing.weight(expert, index), sum, width);
        }
    }

    /** The rows of an expert as a matrix; all rows are one already. */
    private FloatMatrix input(int expert, int count, int rows) {
        RowBuffer normalized = workspace.normalized();
        if (count == rows) {
            return normalized.front(rows);
        }
        for (int index = 0; index < count; index++) {
            inputs.row(index).copyFrom(normalized.row(routing.row(expert, index)));
        }
        return inputs.front(count);
    }
}
