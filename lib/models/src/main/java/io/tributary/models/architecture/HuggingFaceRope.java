package io.tributary.models.architecture;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.tributary.kernels.RopePairing;

/**
 * Reads {@code rope_theta} with {@code rope_scaling}, or the newer {@code rope_parameters} that holds both. The names of
 * the scaling types are those of transformers, and {@code ntk} for the static form.
 */
final class HuggingFaceRope {
    private static final String SUPPORTED_TYPES = "default, linear, ntk, dynamic, llama3";

    private final JsonFields configuration;
    private final JsonFields parameters;
    private final int headSize;
    private final int positions;

    HuggingFaceRope(JsonFields configuration, int headSize, int positions) {
        this.configuration = configuration;
        this.headSize = headSize;
        this.positions = positions;
        if (configuration.has("rope_parameters")) {
            parameters = configuration.child("rope_parameters");
        } else if (configuration.has("rope_scaling")) {
            parameters = configuration.child("rope_scaling");
        } else {
            parameters = new JsonFields("rope_scaling.", JsonNodeFactory.instance.objectNode());
        }
    }

    /** @param defaultBase the base if the configuration states none */
    RotaryPosition read(double defaultBase) {
        refusePartialRotation();
        double base = parameters
                .optionalReal("rope_theta")
                .orElseGet(() -> configuration.optionalReal("rope_theta").orElse(defaultBase));
        return new RotaryPosition(
                headSize, Bounds.above("rope_theta", base, 1, Bounds.BASE), RopePairing.HALF_SPLIT, scaling());
    }

    private void refusePartialRotation() {
        double share = parameters
                .optionalReal("partial_rotary_factor")
                .orElseGet(() ->
                        configuration.optionalReal("partial_rotary_factor").orElse(1));
        if (share != 1) {
            throw new UnsupportedArchitectureException("partial_rotary_factor " + share, "1 for these architectures");
        }
    }

    private RopeScaling scaling() {
        String type = parameters.text("rope_type", parameters.text("type", "default"));
        return switch (type) {
            case "default" -> new RopeScaling.None();
            case "linear" -> new RopeScaling.Linear(factor());
            case "ntk" -> new RopeScaling.Ntk(requireFourDimensions(type, factor()));
            case "dynamic" -> new RopeScaling.DynamicNtk(requireFourDimensions(type, factor()), positions);
            case "llama3" -> llama3();
            default -> throw new UnsupportedArchitectureException("the rope scaling type " + type, SUPPORTED_TYPES);
        };
    }

    private double factor() {
        return Bounds.factor(parameters.prefix() + "factor", parameters.real("factor"));
    }

    /** The exponent d / (d - 2) of NTK scaling has no value for two dimensions. */
    private double requireFourDimensions(String type, double factor) {
        if (headSize < 4) {
            throw new InvalidArchitectureException(
                    "head_dim", Integer.toString(headSize), "at least 4 with the rope scaling type " + type);
        }
        return factor;
    }

    private RopeScaling llama3() {
        String prefix = parameters.prefix();
        double low = Bounds.above(prefix + "low_freq_factor", parameters.real("low_freq_factor"), 0, Bounds.FACTOR);
        double high =
                Bounds.above(prefix + "high_freq_factor", parameters.real("high_freq_factor"), low, Bounds.FACTOR);
        return new RopeScaling.Llama3(
                factor(), low, high, parameters.integer("original_max_position_embeddings", 1, Bounds.POSITIONS));
    }
}
