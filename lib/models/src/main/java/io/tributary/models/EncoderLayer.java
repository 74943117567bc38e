package io.tributary.models;

import io.tributary.kernels.Elementwise;
import io.tributary.kernels.FloatMatrix;
import io.tributary.models.architecture.EncoderArchitecture;
import io.tributary.models.architecture.EncoderArchitecture.Placement;
import io.tributary.models.weights.EncoderNaming;
import io.tributary.models.weights.TensorRole;
import io.tributary.models.weights.WeightLoader;

/** One layer of an encoder: attention and a network, each added to the residual stream and normalised before or after. */
final class EncoderLayer {
    private final Placement placement;
    private final Workspace workspace;
    private final NormBlock attentionNorm;
    private final EncoderAttention attention;
    private final NormBlock networkNorm;
    private final FeedForwardNetwork network;

    EncoderLayer(
            EncoderArchitecture architecture,
            EncoderNaming naming,
            int layer,
            WeightLoader loader,
            Workspace workspace,
            EncoderSequences sequences) {
        this.placement = architecture.placement();
        this.workspace = workspace;
        int width = architecture.width();
        attention = new EncoderAttention(architecture, naming, layer, loader, workspace, sequences);
        attentionNorm = new NormBlock(
                architecture.normalization(), loader.norm(naming.stem(layer, naming.attentionNorm()), width));
        network = FeedForwardNetwork.load(
                architecture.network(),
                width,
                (role, outputs, inputs) -> loader.projection(
                        naming.stem(layer, role == TensorRole.UP ? naming.up() : naming.down()),
                        outputs,
                        inputs,
                        architecture.network().biases()),
                workspace);
        networkNorm = new NormBlock(
                architecture.normalization(), loader.norm(naming.stem(layer, naming.networkNorm()), width));
    }

    /** Computes the first rows of the residual stream. */
    void run(int rows) {
        FloatMatrix residual = workspace.residual().front(rows);
        FloatMatrix summand = workspace.summand().front(rows);
        switch (placement) {
            case BEFORE -> {
                FloatMatrix normalized = workspace.normalized().front(rows);
                attentionNorm.apply(residual, normalized, workspace.pool());
                attention.apply(normalized, summand);
                Elementwise.add(residual, summand, workspace.pool());
                networkNorm.apply(residual, normalized, workspace.pool());
                network.apply(normalized, summand);
                Elementwise.add(residual, summand, workspace.pool());
            }
            case AFTER -> {
                attention.apply(residual, summand);
                Elementwise.add(residual, summand, workspace.pool());
                attentionNorm.apply(residual, residual, workspace.pool());
                network.apply(residual, summand);
                Elementwise.add(residual, summand, workspace.pool());
                networkNorm.apply(residual, residual, workspace.pool());
            }
        }
    }
}
