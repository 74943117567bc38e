package io.tributary.models;

import io.tributary.kernels.FloatMatrix;
import io.tributary.models.architecture.MixtureOfExperts;
import io.tributary.models.experts.ExpertStatistics;
import io.tributary.models.experts.ExpertSum;
import io.tributary.models.experts.Routing;
import io.tributary.models.weights.WeightLoader;
import java.lang.foreign.MemorySegment;
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
    private final int layer;
    private final Workspace workspace;
    private final String gateName;
    private final ExpertGate gate;
    private final Routing routing;
    private final ExpertStatistics statistics;
    private final FeedForwardNetwork[] experts;
    private final @Nullable SharedExpertNetwork shared;
    private final int width;
    private final RowBuffer inputs;
    private final RowBuffer outputs;

    /**
     * @param layer the layer in the model
     * @param width elements of the residual stream
     * @param statistics counts what is chosen
     */
    MixtureOfExpertsBlock(
            MixtureOfExperts specification,
            int layer,
            int width,
            WeightLoader loader,
            Workspace workspace,
            ExpertStatistics statistics) {
        this.layer = layer;
        this.workspace = workspace;
        this.width = width;
        this.statistics = statistics;
        gateName = "layer " + layer + ", gate of the mixture of experts";
        gate = new ExpertGate(specification, layer, width, loader, workspace);
        routing = gate.newRouting();
        experts = new FeedForwardNetwork[specification.experts()];
        for (int expert = 0; expert < experts.length; expert++) {
            experts[expert] = FeedForwardNetwork.loadExpert(specification, layer, expert, width, loader, workspace);
        }
        shared = SharedExpertNetwork.of(specification, layer, width, loader, workspace);
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
            shared.compute(rows);
            shared.add(rows);
        }
    }

    private void route(int rows) {
        gate.apply(workspace.normalized().front(rows));
        RowPlan plan = workspace.plan();
        plan.requireFinite(gate.logits().data(), experts.length, gateName);
        routing.clear();
        for (int run = 0; run < plan.runs(); run++) {
            int first = run == 0 ? 0 : plan.runEnds()[run - 1];
            gate.route(first, plan.runEnds()[run], routing);
        }
        routing.group();
        statistics.record(layer, rows, routing);
        workspace.observer().routed(layer, rows, routing);
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
