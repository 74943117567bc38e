package io.tributary.bench.synthetic;

import io.tributary.models.weights.TensorNaming;
import io.tributary.models.weights.TensorRole;
import java.util.ArrayList;
import java.util.List;

/**
 * A matrix of a model, or one matrix for each expert.
 *
 * @param name in a GGUF file
 * @param shape extents, outermost first
 */
record MatrixShape(String name, List<Long> shape) {
    /** Elements that one output is computed from. */
    int inputs() {
        return Math.toIntExact(shape.getLast());
    }

    long elements() {
        return shape.stream().mapToLong(Long::longValue).reduce(1, Math::multiplyExact);
    }

    /** All matrices of a model that are stored in its weight format; routers are not. */
    static List<MatrixShape> of(ModelShape model) {
        List<MatrixShape> matrices = new ArrayList<>();
        matrices.add(matrix(TensorNaming.GGUF.weight(TensorRole.EMBEDDING), model.vocabulary(), model.width()));
        for (int layer = 0; layer < model.layers(); layer++) {
            matrices.add(projection(TensorRole.QUERY, layer, model.width(), model.width()));
            matrices.add(projection(TensorRole.KEY, layer, model.keyValueWidth(), model.width()));
            matrices.add(projection(TensorRole.VALUE, layer, model.keyValueWidth(), model.width()));
            matrices.add(projection(TensorRole.ATTENTION_OUTPUT, layer, model.width(), model.width()));
            if (model.experts().routed()) {
                matrices.add(experts("ffn_gate_exps", layer, model, model.hidden(), model.width()));
                matrices.add(experts("ffn_up_exps", layer, model, model.hidden(), model.width()));
                matrices.add(experts("ffn_down_exps", layer, model, model.width(), model.hidden()));
            } else {
                matrices.add(projection(TensorRole.GATE, layer, model.hidden(), model.width()));
                matrices.add(projection(TensorRole.UP, layer, model.hidden(), model.width()));
                matrices.add(projection(TensorRole.DOWN, layer, model.width(), model.hidden()));
            }
        }
        matrices.add(matrix(TensorNaming.GGUF.weight(TensorRole.UNEMBEDDING), model.vocabulary(), model.width()));
        return List.copyOf(matrices);
    }

    private static MatrixShape projection(TensorRole role, int layer, int outputs, int inputs) {
        return matrix(TensorNaming.GGUF.weight(role, layer), outputs, inputs);
    }

    private static MatrixShape matrix(String name, long outputs, long inputs) {
        return new MatrixShape(name, List.of(outputs, inputs));
    }

    private static MatrixShape experts(String stem, int layer, ModelShape model, long outputs, long inputs) {
        return new MatrixShape(
                "blk." + layer + "." + stem + ".weight",
                List.of((long) model.experts().count(), outputs, inputs));
    }
}
