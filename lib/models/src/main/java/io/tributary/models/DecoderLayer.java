package io.tributary.models;

import io.tributary.kernels.Elementwise;
import io.tributary.kernels.FloatMatrix;
import io.tributary.models.architecture.CausalAttention;
import io.tributary.models.architecture.FeedForward;
import io.tributary.models.architecture.LayerSpec;
import io.tributary.models.architecture.MixtureOfExperts;
import io.tributary.models.weights.TensorRole;
import io.tributary.models.weights.WeightLoader;

/** One layer: {@code x += tokenMixing(norm(x)); x += channelMixing(norm(x))}. */
final class DecoderLayer {
    private final Workspace workspace;
    private final NormBlock beforeTokenMixing;
    private final Mixing tokenMixing;
    private final NormBlock beforeChannelMixing;
    private final Mixing channelMixing;
    private final String tokenMixingName;
    private final String channelMixingName;

    /**
     * @param layer the layer in the model
     * @param layerInStage the layer in the stage
     * @param experts how the layer's experts are computed, if it has some
     */
    DecoderLayer(
            LayerSpec specification,
            int layer,
            int layerInStage,
            int width,
            WeightLoader loader,
            Workspace workspace,
            StageExperts experts) {
        this.workspace = workspace;
        beforeTokenMixing = new NormBlock(
                specification.beforeTokenMixing(), loader.norm(TensorRole.TOKEN_MIXING_NORM, layer, width));
        tokenMixing = switch (specification.tokenMixing()) {
            case CausalAttention attention ->
                new AttentionBlock(attention, layer, layerInStage, width, loader, workspace);
        };
        beforeChannelMixing = new NormBlock(
                specification.beforeChannelMixing(), loader.norm(TensorRole.CHANNEL_MIXING_NORM, layer, width));
        channelMixing = switch (specification.channelMixing()) {
            case FeedForward network -> new FeedForwardBlock(network, layer, width, loader, workspace);
            case MixtureOfExperts mixture -> experts.block(mixture, layer, width, loader, workspace);
        };
        tokenMixingName = "layer " + layer + ", " + tokenMixing.operation();
        channelMixingName = "layer " + layer + ", " + channelMixing.operation();
    }

    /** Computes the first rows of the residual stream. */
    void run(int rows) {
        mix(beforeTokenMixing, tokenMixing, rows, tokenMixingName);
        mix(beforeChannelMixing, channelMixing, rows, channelMixingName);
    }

    private void mix(NormBlock norm, Mixing mixing, int rows, String name) {
        FloatMatrix residual = workspace.residual().front(rows);
        norm.apply(residual, workspace.normalized().front(rows), workspace.pool());
        mixing.run(rows);
        Elementwise.add(residual, workspace.summand().front(rows), workspace.pool());
        workspace.plan().requireFinite(residual.data(), residual.columns(), name);
    }
}
