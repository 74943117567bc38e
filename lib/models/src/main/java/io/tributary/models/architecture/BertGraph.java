package io.tributary.models.architecture;

import io.tributary.checkpoints.OnnxCheckpoint;
import io.tributary.checkpoints.OnnxNode;
import io.tributary.checkpoints.StoredTensor;
import io.tributary.kernels.Gelu;
import java.util.List;
import java.util.OptionalLong;

/**
 * Derives the architecture of a BERT from the ONNX file that PyTorch exported it to: from the shapes of its weights, and from its
 * graph what no shape shows.
 */
final class BertGraph {
    private static final double DEFAULT_EPSILON = 1e-12;

    private final OnnxCheckpoint checkpoint;
    private final List<OnnxNode> nodes;

    BertGraph(OnnxCheckpoint checkpoint) {
        this.checkpoint = checkpoint;
        this.nodes = checkpoint.nodes();
    }

    BertArchitecture read() {
        int width = extent("embeddings.word_embeddings.weight", 1);
        BertArchitecture.Embeddings embeddings = new BertArchitecture.Embeddings(
                extent("embeddings.word_embeddings.weight", 0),
                extent("embeddings.position_embeddings.weight", 0),
                extent("embeddings.token_type_embeddings.weight", 0),
                width);
        GeluFeedForward network =
                new GeluFeedForward(extent("encoder.layer.0.intermediate.dense.bias", 0), activation(), true);
        float epsilon = (float) Bounds.above("the epsilon of embeddings.LayerNorm", epsilon(), 1e-30, 1);
        return BertArchitecture.of(embeddings, layers(), heads(width), network, new LayerNormalization(epsilon));
    }

    private int layers() {
        int layers = 0;
        while (checkpoint.tensorNames().contains("encoder.layer." + layers + ".output.dense.bias")) {
            layers++;
        }
        return layers;
    }

    private int extent(String name, int axis) {
        StoredTensor tensor = checkpoint.require(name);
        if (tensor.shape().size() <= axis) {
            throw new InvalidArchitectureException(
                    "the shape of " + name, tensor.shape().toString(), "one of more than " + axis + " extents");
        }
        return Bounds.integer("extent " + axis + " of " + name, tensor.shape().get(axis), 1, Bounds.VOCABULARY);
    }

    /** Queries are reshaped to [batch, length, heads, head size], of which the last two are constants. */
    private int heads(int width) {
        for (OnnxNode node : nodes) {
            if (node.operator().equals("Concat") && node.module().equals("encoder.layer.0.attention.self")) {
                List<String> extents = node.inputs();
                OptionalLong heads = extents.size() == 4 ? checkpoint.integer(extents.get(2)) : OptionalLong.empty();
                OptionalLong size = extents.size() == 4 ? checkpoint.integer(extents.get(3)) : OptionalLong.empty();
                if (heads.isPresent() && size.isPresent() && isSplit(heads.getAsLong(), size.getAsLong(), width)) {
                    return (int) heads.getAsLong();
                }
            }
        }
        throw new UnsupportedArchitectureException(
                "an ONNX graph in which encoder.layer.0.attention.self splits no heads off",
                "graphs that PyTorch exported from a BertModel, without fused operations");
    }

    private static boolean isSplit(long heads, long size, int width) {
        return heads >= 1 && heads <= Bounds.HEADS && size == width / heads && heads * size == width;
    }

    private double epsilon() {
        return nodes.stream()
                .filter(node -> node.operator().equals("Add"))
                .filter(node -> node.module().equals("embeddings.LayerNorm"))
                .flatMap(node -> node.inputs().stream())
                .flatMap(input -> checkpoint.real(input).stream().boxed())
                .findFirst()
                .orElse(DEFAULT_EPSILON);
    }

    private Gelu activation() {
        List<String> operators = nodes.stream()
                .filter(node -> node.module().startsWith("encoder.layer.0.intermediate"))
                .map(OnnxNode::operator)
                .toList();
        if (operators.contains("Erf") || operators.contains("Gelu")) {
            return Gelu.EXACT;
        }
        if (operators.contains("Tanh")) {
            return Gelu.TANH;
        }
        throw new UnsupportedArchitectureException(
                "the activation of the operations " + operators + " in encoder.layer.0.intermediate", "GELU");
    }
}
