package io.tributary.models;

import io.tributary.kernels.FloatMatrix;
import io.tributary.models.architecture.FeedForward;
import io.tributary.models.architecture.GeluFeedForward;
import io.tributary.models.architecture.MixtureOfExperts;
import io.tributary.models.architecture.ReluFeedForward;
import io.tributary.models.architecture.SwiGlu;
import io.tributary.models.weights.Projection;
import io.tributary.models.weights.TensorRole;
import io.tributary.models.weights.WeightLoader;

/** A feed-forward network with its weights: that of a whole layer, of one expert, or of a shared expert. */
sealed interface FeedForwardNetwork permits SwiGluNetwork, ReluNetwork, GeluNetwork {

    /** Where the weights of a network come from. */
    @FunctionalInterface
    interface Weights {
        /** Loads a projection [outputs, inputs]; the role is GATE, UP or DOWN. */
        Projection load(TensorRole role, int outputs, int inputs);
    }

    /** Loads a network that maps rows of that width to rows of that width. */
    static FeedForwardNetwork load(FeedForward specification, int width, Weights weights, Workspace workspace) {
        return switch (specification) {
            case SwiGlu network -> new SwiGluNetwork(network.hidden(), width, weights, workspace);
            case ReluFeedForward network -> new ReluNetwork(network.hidden(), width, weights, workspace);
            case GeluFeedForward network -> new GeluNetwork(network, width, weights, workspace);
        };
    }

    /** Loads one expert of a layer; without biases. */
    static FeedForwardNetwork loadExpert(
            MixtureOfExperts mixture, int layer, int expert, int width, WeightLoader loader, Workspace workspace) {
        return load(
                mixture.expert(),
                width,
                (role, outputs, inputs) ->
                        loader.expertProjection(role, layer, expert, mixture.experts(), outputs, inputs),
                workspace);
    }

    /** Writes the images of the rows of x [rows, width] to y [rows, width], which is not x. */
    void apply(FloatMatrix x, FloatMatrix y);
}
