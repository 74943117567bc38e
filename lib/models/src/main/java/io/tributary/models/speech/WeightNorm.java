package io.tributary.models.speech;

import io.tributary.kernels.Conv1dShape;
import io.tributary.models.weights.WeightLoader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A convolution's weights as length and direction (Salimans and Kingma, "Weight Normalization", 2016), one length for each tap:
 * {@code w[o][i][k] = g[k] * v[o][i][k] / |v[.][.][k]|}.
 */
final class WeightNorm {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

    private WeightNorm() {}

    /** The weights [outputs, inputs / groups, kernel] of a module, from whichever names it has. */
    static MemorySegment load(String module, Conv1dShape shape, WeightLoader loader, Arena arena) {
        long outputs = shape.outputs();
        long inputs = shape.inputs() / shape.groups();
        int kernel = shape.kernel();
        if (loader.has(module + ".weight")) {
            return loader.floats(module + ".weight", outputs, inputs, kernel);
        }
        boolean recent = loader.has(module + ".parametrizations.weight.original0");
        String length = recent ? ".parametrizations.weight.original0" : ".weight_g";
        String direction = recent ? ".parametrizations.weight.original1" : ".weight_v";
        MemorySegment g = loader.floats(module + length, 1, 1, kernel);
        MemorySegment v = loader.floats(module + direction, outputs, inputs, kernel);
        return fold(g, v, kernel, arena);
    }

    /**
     * Multiplies lengths and directions.
     *
     * @param g float32 [kernel]
     * @param v float32 [outputs * inputs, kernel]; a tap without direction stays zero
     */
    static MemorySegment fold(MemorySegment g, MemorySegment v, int kernel, Arena arena) {
        double[] squares = new double[kernel];
        long count = v.byteSize() / Float.BYTES;
        for (long i = 0; i < count; i++) {
            double value = v.getAtIndex(FLOAT, i);
            squares[(int) (i % kernel)] += value * value;
        }
        MemorySegment weights = arena.allocate(v.byteSize(), Float.BYTES);
        for (long i = 0; i < count; i++) {
            int tap = (int) (i % kernel);
            double norm = Math.sqrt(squares[tap]);
            double folded = norm == 0 ? 0 : g.getAtIndex(FLOAT, tap) * v.getAtIndex(FLOAT, i) / norm;
            weights.setAtIndex(FLOAT, i, (float) folded);
        }
        return weights;
    }
}
