package io.tributary.checkpoints;

import java.util.List;

/**
 * An operation of a graph.
 *
 * @param operator for example {@code MatMul}
 * @param name of the node; exporters make it of the module's path, as in {@code /encoder/layer.0/output/dense/MatMul}
 * @param inputs names of values, some of them initialisers
 * @param outputs names of values
 */
public record OnnxNode(String operator, String name, List<String> inputs, List<String> outputs) {
    /** Copies the lists. */
    public OnnxNode {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /** The module that the operation belongs to, as PyTorch names it: {@code encoder.layer.0.output.dense}; empty without. */
    public String module() {
        int last = name.lastIndexOf('/');
        return last <= 0
                ? ""
                : name.substring(name.startsWith("/") ? 1 : 0, last).replace('/', '.');
    }
}
