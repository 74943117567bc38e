package io.tributary.models.speech;

import io.tributary.kernels.ChannelNorm;
import io.tributary.kernels.Conv1d;
import io.tributary.kernels.Conv1dShape;
import io.tributary.kernels.Elementwise;
import io.tributary.kernels.FloatMatrix;
import io.tributary.kernels.LayerNorm;
import io.tributary.kernels.WorkPool;
import io.tributary.models.architecture.SpeechArchitecture;
import io.tributary.models.architecture.SpeechArchitecture.FeatureNorm;
import io.tributary.models.weights.NormWeights;
import io.tributary.models.weights.WeightLoader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The convolutions from samples to frames. A frame depends on its own samples alone, unless the first convolution is normalised
 * over the whole time.
 */
final class FeatureExtractor {
    private final SpeechArchitecture architecture;
    private final WorkPool pool;
    private final List<Layer> layers = new ArrayList<>();

    FeatureExtractor(SpeechArchitecture architecture, String prefix, WeightLoader loader, Arena arena, WorkPool pool) {
        this.architecture = architecture;
        this.pool = pool;
        List<Conv1dShape> shapes = architecture.convolutions();
        for (int index = 0; index < shapes.size(); index++) {
            layers.add(
                    layer(shapes.get(index), index, prefix + "feature_extractor.conv_layers." + index, loader, arena));
        }
    }

    private Layer layer(Conv1dShape shape, int index, String module, WeightLoader loader, Arena arena) {
        MemorySegment weights = loader.floats(module + ".conv.weight", shape.outputs(), shape.inputs(), shape.kernel());
        Conv1d convolution = Conv1d.pack(shape, weights, arena, pool);
        MemorySegment bias =
                architecture.convolutionBias() ? loader.floats(module + ".conv.bias", shape.outputs()) : null;
        boolean normalized = index == 0 || architecture.featureNorm() == FeatureNorm.EACH_ROW;
        return new Layer(convolution, bias, normalized ? loader.norm(module + ".layer_norm", shape.outputs()) : null);
    }

    /** Told of the rows behind each convolution. */
    @FunctionalInterface
    interface Observer {
        void computed(int layer, FloatMatrix rows);
    }

    /**
     * Computes the frames.
     *
     * @param samples [samples, 1], at least the receptive field
     * @param memory for this and what comes between
     * @return [frames, channels]
     */
    FloatMatrix apply(FloatMatrix samples, Arena memory, Observer observer) {
        FloatMatrix rows = samples;
        MemorySegment even = MemorySegment.NULL;
        MemorySegment odd = MemorySegment.NULL;
        for (int index = 0; index < layers.size(); index++) {
            Conv1dShape shape = layers.get(index).convolution.shape();
            int length = shape.length(rows.rows());
            long bytes = (long) length * shape.outputs() * Float.BYTES;
            MemorySegment target = index % 2 == 0 ? even : odd;
            if (target.byteSize() < bytes) {
                target = memory.allocate(bytes, FloatMatrix.ALIGNMENT);
            }
            if (index % 2 == 0) {
                even = target;
            } else {
                odd = target;
            }
            FloatMatrix result = new FloatMatrix(target, length, shape.outputs());
            layers.get(index).apply(rows, result);
            observer.computed(index, result);
            rows = result;
        }
        return rows;
    }

    private final class Layer {
        private final Conv1d convolution;
        private final @Nullable MemorySegment bias;
        private final @Nullable NormWeights norm;

        Layer(Conv1d convolution, @Nullable MemorySegment bias, @Nullable NormWeights norm) {
            this.convolution = convolution;
            this.bias = bias;
            this.norm = norm;
        }

        void apply(FloatMatrix x, FloatMatrix y) {
            convolution.apply(x, 0, y, pool);
            if (bias != null) {
                Elementwise.addRow(y, bias, pool);
            }
            if (norm != null) {
                float epsilon = architecture.normalization().epsilon();
                switch (architecture.featureNorm()) {
                    case FIRST_OVER_TIME -> ChannelNorm.apply(y, norm.weight(), norm.requireBias(), epsilon, y, pool);
                    case EACH_ROW -> LayerNorm.apply(y, norm.weight(), norm.requireBias(), epsilon, y, pool);
                }
            }
            architecture.convolutionGelu().apply(y, y, pool);
        }
    }
}
