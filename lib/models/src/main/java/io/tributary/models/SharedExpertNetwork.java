package io.tributary.models;

import io.tributary.kernels.Elementwise;
import io.tributary.kernels.Exponential;
import io.tributary.kernels.FloatMatrix;
import io.tributary.models.architecture.MixtureOfExperts;
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

    private SharedExpertNetwork(
            SharedExpert specification, int layer, int width, WeightLoader loader, Workspace workspace) {
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

    /** The shared expert of a layer; null without one. */
    static @Nullable SharedExpertNetwork of(
            MixtureOfExperts mixture, int layer, int width, WeightLoader loader, Workspace workspace) {
        return mixture.shared()
                .map(shared -> new SharedExpertNetwork(shared, layer, width, loader, workspace))
                .orElse(null);
    }

    /** Computes the output for each row, and keeps it. */
    void compute(int rows) {
        FloatMatrix input = workspace.normalized().front(rows);
        network.apply(input, outputs.front(rows));
        if (gating != null) {
            gating.apply(input, logits.front(rows), workspace.pool());
        }
    }

    /** Adds the output that was computed to the summand. */
    void add(int rows) {
        if (gating == null) {
            Elementwise.add(workspace.summand().front(rows), outputs.front(rows), workspace.pool());
            return;
        }
        for (int row = 0; row < rows; row++) {
            float logit = logits.row(row).get(ValueLayout.JAVA_FLOAT, 0);
            float factor = 1 / (1 + Exponential.exp(-logit));
            ExpertSum.add(outputs.row(row), factor, workspace.summand().row(row), width);
        }
    }
}
