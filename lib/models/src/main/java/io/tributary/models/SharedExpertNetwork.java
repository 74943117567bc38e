package io.tributary.models;

import io.tributary.kernels.Elementwise;
import io.tributary.kernels.Exponential;
import io.tributary.kernels.FloatMatrix;
import io.tributary.models.architecture.SharedExpert;
import io.tributary.models.experts.ExpertSum;
import io.tributary.models.weights.Projection;
import io.tributary.models.weights.WeightLoader;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/** The expert of a layer that computes every row; its output is added behind those of the chosen experts. */
final class SharedExpertNetwork {
    private final Workspace workspace;
    private final int width;
    private final FeedForwardNetwork network;
    private final @Nullable Projection gating;
    private final RowBuffer outputs;
    private final RowBuffer logits;

    SharedExpertNetwork(SharedExpert specification, int layer, int width, WeightLoader loader, Workspace workspace) {
        this.workspace = workspace;
        this.width = width;
        boolean bias = specification.network().biases();
        network = FeedForwardNetwork.load(
                specification.network(),
                width,
                (role, outputs, inputs) -> loader.projection(role.inSharedExpert(), layer, outputs, inputs, bias),
                workspace);
        gating = specification.gated() ? loader.sharedExpertGating(layer, width) : null;
        outputs = workspace.buffer("expert outputs", width);
        logits = workspace.buffer("shared expert logits", 1);
    }

    /** Adds the output for each row to the summand. */
    void run(int rows) {
        FloatMatrix input = workspace.normalized().front(rows);
        network.apply(input, outputs.front(rows));
        if (gating == null) {
            Elementwise.add(workspace.summand().front(rows), outputs.front(rows), workspace.pool());
            return;
        }
        gating.apply(input, logits.front(rows), workspace.pool());
        for (int row = 0; row < rows; row++) {
            float logit = logits.row(row).get(ValueLayout.JAVA_FLOAT, 0);
            float factor = 1 / (1 + Exponential.exp(-logit));
            ExpertSum.add(outputs.row(row), factor, workspace.summand().row(row), width);
        }
    }
}
