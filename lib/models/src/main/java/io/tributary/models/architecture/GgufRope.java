package io.tributary.models.architecture;

import io.tributary.checkpoints.GgufCheckpoint;
import io.tributary.checkpoints.GgufMetadata;
import io.tributary.checkpoints.StoredTensor;
import io.tributary.checkpoints.TensorType;
import io.tributary.kernels.RopePairing;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code <architecture>.rope.*} and the tensor {@code rope_freqs.weight}. */
final class GgufRope {
    private static final String DIVISORS = "rope_freqs.weight";
    private static final double DEFAULT_BASE = 10_000;
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final GgufCheckpoint checkpoint;
    private final GgufMetadata metadata;
    private final String prefix;
    private final int headSize;

    GgufRope(GgufCheckpoint checkpoint, String architecture, int headSize) {
        this.checkpoint = checkpoint;
        this.metadata = checkpoint.metadata();
        this.prefix = architecture + ".rope.";
        this.headSize = headSize;
    }

    RotaryPosition read(RopePairing pairing) {
        String dimensionField = prefix + "dimension_count";
        long stated = metadata.optionalInteger(dimensionField).orElse(headSize);
        int dimensions = DecoderDimensions.even(dimensionField, Bounds.integer(dimensionField, stated, 2, headSize));
        String baseField = prefix + "freq_base";
        double base = Bounds.above(baseField, metadata.optionalReal(baseField).orElse(DEFAULT_BASE), 1, Bounds.BASE);
        double factor = linearFactor();
        RopeScaling scaling;
        if (checkpoint.tensor(DIVISORS).isPresent()) {
            scaling = new RopeScaling.Divisors(divisors(dimensions / 2, factor));
        } else {
            scaling = factor == 1 ? new RopeScaling.None() : new RopeScaling.Linear(factor);
        }
        return new RotaryPosition(dimensions, base, pairing, scaling);
    }

    /** The factor of linear scaling; 1 without. {@code scale_linear} is the key of older files. */
    private double linearFactor() {
        String typeField = prefix + "scaling.type";
        String factorField = prefix + "scaling.factor";
        String type = metadata.optionalString(typeField).orElse("");
        return switch (type) {
            case "none" -> 1;
            case "linear" -> Bounds.factor(factorField, metadata.real(factorField));
            case "" -> {
                String olderField = prefix + "scale_linear";
                yield Bounds.factor(
                        olderField, metadata.optionalReal(olderField).orElse(1));
            }
            default -> throw new UnsupportedArchitectureException(typeField + " " + type, "none, linear");
        };
    }

    private List<Double> divisors(int pairs, double factor) {
        StoredTensor tensor = checkpoint.require(DIVISORS);
        if (tensor.type() != TensorType.F32 || tensor.elements() != pairs) {
            throw new InvalidArchitectureException(
                    DIVISORS, "of type " + tensor.type() + " and shape " + tensor.shape(), "F32 [" + pairs + "]");
        }
        List<Double> divisors = new ArrayList<>(pairs);
        for (int pair = 0; pair < pairs; pair++) {
            double value = tensor.data().get(FLOAT, (long) pair * Float.BYTES);
            divisors.add(factor * Bounds.above(DIVISORS + "[" + pair + "]", value, 0, Bounds.FACTOR));
        }
        return divisors;
    }
}
