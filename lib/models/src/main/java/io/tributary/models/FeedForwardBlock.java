package io.tributary.models;

import io.tributary.models.architecture.FeedForward;
import io.tributary.models.architecture.GeluFeedForward;
import io.tributary.models.architecture.ReluFeedForward;
import io.tributary.models.architecture.SwiGlu;
import io.tributary.models.weights.WeightLoader;

/** The one feed-forward network of a layer without experts. */
final class FeedForwardBlock implements Mixing {
    private final FeedForward specification;
    private final FeedForwardNetwork network;
    private final Workspace workspace;

    /**
     * @param layer the layer in the model
     * @param width elements of the residual stream
     */
    FeedForwardBlock(FeedForward specification, int layer, int width, WeightLoader loader, Workspace workspace) {
        this.specification = specification;
        this.workspace = workspace;
        boolean bias = specification.biases();
        network = FeedForwardNetwork.load(
                specification,
                width,
                (role, outputs, inputs) -> loader.projection(role, layer, outputs, inputs, bias),
                workspace);
    }

    @Override
    public String operation() {
        return switch (specification) {
            case SwiGlu swiGlu -> "SwiGLU";
            case ReluFeedForward relu -> "the ReLU network";
            case GeluFeedForward gelu -> "the GELU network";
        };
    }

    @Override
    public void run(int rows) {
        network.apply(workspace.normalized().front(rows), workspace.summand().front(rows));
    }
}
