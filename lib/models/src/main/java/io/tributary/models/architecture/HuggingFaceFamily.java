package io.tributary.models.architecture;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The families of models, by the class name in {@code architectures}, with what they assume when a field is missing. */
enum HuggingFaceFamily {
    LLAMA("LlamaForCausalLM", 10_000, 1e-6),
    MISTRAL("MistralForCausalLM", 10_000, 1e-6),
    QWEN2("Qwen2ForCausalLM", 10_000, 1e-6),
    MIXTRAL("MixtralForCausalLM", 1_000_000, 1e-5),
    QWEN2_MOE("Qwen2MoeForCausalLM", 10_000, 1e-6),
    QWEN3_MOE("Qwen3MoeForCausalLM", 10_000, 1e-6),
    OLMOE("OlmoeForCausalLM", 10_000, 1e-5);

    private final String className;
    private final double defaultBase;
    private final double defaultEpsilon;

    HuggingFaceFamily(String className, double defaultBase, double defaultEpsilon) {
        this.className = className;
        this.defaultBase = defaultBase;
        this.defaultEpsilon = defaultEpsilon;
    }

    static HuggingFaceFamily named(String className) {
        for (HuggingFaceFamily family : values()) {
            if (family.className.equals(className)) {
                return family;
            }
        }
        throw new UnsupportedArchitectureException("the architecture " + className, all());
    }

    static String all() {
        return Arrays.stream(values()).map(family -> family.className).collect(Collectors.joining(", "));
    }

    /** The base of rotary position. */
    double defaultBase() {
        return defaultBase;
    }

    /** The epsilon of the norms. */
    double defaultEpsilon() {
        return defaultEpsilon;
    }

    AttentionBiases biases(JsonFields fields) {
        return switch (this) {
            case LLAMA, QWEN3_MOE, OLMOE ->
                fields.flag("attention_bias", false) ? AttentionBiases.ALL : AttentionBiases.NONE;
            case MISTRAL, MIXTRAL -> AttentionBiases.NONE;
            case QWEN2 -> AttentionBiases.QUERY_KEY_VALUE;
            case QWEN2_MOE -> fields.flag("qkv_bias", true) ? AttentionBiases.QUERY_KEY_VALUE : AttentionBiases.NONE;
        };
    }

    QueryKeyNormalization queryKeyNormalization(float epsilon) {
        return switch (this) {
            case LLAMA, MISTRAL, QWEN2, MIXTRAL, QWEN2_MOE -> new QueryKeyNormalization.None();
            case QWEN3_MOE -> new QueryKeyNormalization.EachHead(new RmsNormalization(epsilon));
            case OLMOE -> new QueryKeyNormalization.WholeWidth(new RmsNormalization(epsilon));
        };
    }

    /** Whether positions see a window of the latest ones only, if {@code sliding_window} states one. */
    boolean usesSlidingWindow(JsonFields fields) {
        return switch (this) {
            case LLAMA, OLMOE -> false;
            case MISTRAL, MIXTRAL -> true;
            case QWEN2, QWEN2_MOE, QWEN3_MOE -> fields.flag("use_sliding_window", false);
        };
    }
}
