package io.tributary.models.architecture;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.checkpoints.HuggingFaceCheckpoint;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Reads config.json and generation_config.json; fields and their defaults are those of transformers 4.57. */
final class HuggingFaceArchitecture {
    private static final double DEFAULT_EPSILON = 1e-6;

    /** The families of models, by the class name in {@code architectures}. */
    private enum Family {
        LLAMA("LlamaForCausalLM"),
        MISTRAL("MistralForCausalLM"),
        QWEN2("Qwen2ForCausalLM");

        private final String className;

        Family(String className) {
            this.className = className;
        }

        static Family named(String className) {
            for (Family family : values()) {
                if (family.className.equals(className)) {
                    return family;
                }
            }
            throw new UnsupportedArchitectureException("the architecture " + className, all());
        }

        static String all() {
            return Arrays.stream(values()).map(family -> family.className).collect(Collectors.joining(", "));
        }
    }

    private final HuggingFaceCheckpoint checkpoint;
    private final JsonFields fields;

    HuggingFaceArchitecture(HuggingFaceCheckpoint checkpoint) {
        this.checkpoint = checkpoint;
        this.fields = new JsonFields("", checkpoint.configuration());
    }

    Architecture read() {
        Family family = family();
        refuseWhatIsNotComputed();
        int vocabulary = fields.integer("vocab_size", 1, Bounds.VOCABULARY);
        int width = fields.integer("hidden_size", 1, Bounds.WIDTH);
        int positions = fields.integer("max_position_embeddings", 1, Bounds.POSITIONS);
        refuseSlidingWindow(family, positions);
        int headSize = headSize(width);
        RotaryPosition rotary = new HuggingFaceRope(fields, headSize, positions).read();
        double epsilon = fields.optionalReal("rms_norm_eps").orElse(DEFAULT_EPSILON);
        DecoderDimensions dimensions = new DecoderDimensions(
                vocabulary,
                width,
                contextLength(rotary, positions),
                fields.integer("num_hidden_layers", 1, Bounds.LAYERS),
                attention(family, headSize, rotary),
                new SwiGlu(
                        fields.integer("intermediate_size", 1, Bounds.HIDDEN),
                        family == Family.LLAMA && fields.flag("mlp_bias", false)),
                (float) Bounds.above("rms_norm_eps", epsilon, 1e-30, 1));
        return dimensions.architecture(
                fields.flag("tie_word_embeddings", false), endOfText(vocabulary), beginningOfText(vocabulary));
    }

    private Family family() {
        JsonNode classes = fields.object().path("architectures");
        if (classes.size() != 1 || !classes.path(0).isTextual()) {
            throw new InvalidArchitectureException(
                    "architectures",
                    classes.isMissingNode() ? "missing" : classes.toString(),
                    "a list of one of " + Family.all());
        }
        return Family.named(classes.get(0).textValue());
    }

    private void refuseWhatIsNotComputed() {
        String activation = fields.text("hidden_act", "silu");
        if (!activation.equals("silu")) {
            throw new UnsupportedArchitectureException("hidden_act " + activation, "silu");
        }
        if (fields.has("quantization_config")) {
            String method = fields.child("quantization_config").text("quant_method", "of unnamed method");
            throw new UnsupportedArchitectureException(
                    "the quantization " + method,
                    "safetensors of F32, F16 or BF16 without quantization_config, or GGUF files with Q8_0 or Q4_0");
        }
    }

    /** Attention here sees all positions; a window that no position can leave changes nothing. */
    private void refuseSlidingWindow(Family family, int positions) {
        boolean used =
                switch (family) {
                    case LLAMA -> false;
                    case MISTRAL -> fields.has("sliding_window");
                    case QWEN2 -> fields.flag("use_sliding_window", false);
                };
        if (used && fields.has("sliding_window")) {
            int window = fields.integer("sliding_window", 1, Integer.MAX_VALUE);
            if (window < positions) {
                throw new UnsupportedArchitectureException(
                        "sliding_window " + window + " below max_position_embeddings " + positions,
                        "attention to all positions (to serve the model within its window, set"
                                + " max_position_embeddings to " + window + ")");
            }
        }
    }

    private int headSize(int width) {
        int heads = fields.integer("num_attention_heads", 1, Bounds.HEADS);
        OptionalInt explicit = fields.optionalInteger("head_dim", 2, Bounds.HEAD_SIZE);
        int size = explicit.isPresent()
                ? explicit.getAsInt()
                : DecoderDimensions.headSize("hidden_size", width, "num_attention_heads", heads);
        String field = explicit.isPresent() ? "head_dim" : "hidden_size / num_attention_heads";
        return DecoderDimensions.even(field, Bounds.integer(field, size, 2, Bounds.HEAD_SIZE));
    }

    private CausalAttention attention(Family family, int headSize, RotaryPosition rotary) {
        int heads = fields.integer("num_attention_heads", 1, Bounds.HEADS);
        int keyValueHeads =
                fields.optionalInteger("num_key_value_heads", 1, Bounds.HEADS).orElse(heads);
        AttentionBiases biases =
                switch (family) {
                    case LLAMA -> fields.flag("attention_bias", false) ? AttentionBiases.ALL : AttentionBiases.NONE;
                    case MISTRAL -> AttentionBiases.NONE;
                    case QWEN2 -> AttentionBiases.QUERY_KEY_VALUE;
                };
        DecoderDimensions.checkQueryWidth("num_attention_heads", heads, headSize);
        DecoderDimensions.checkKeyValueHeads("num_key_value_heads", keyValueHeads, "num_attention_heads", heads);
        return new CausalAttention(heads, keyValueHeads, headSize, biases, rotary);
    }

    /** Dynamic scaling is there to go beyond the positions of training, which is what the configuration states. */
    private static int contextLength(RotaryPosition rotary, int positions) {
        if (rotary.scaling() instanceof RopeScaling.DynamicNtk dynamic) {
            return (int) Math.min(Bounds.POSITIONS, Math.floor(dynamic.factor() * positions));
        }
        return positions;
    }

    private Set<Integer> endOfText(int vocabulary) {
        Set<Integer> ids = new TreeSet<>(fields.tokenIds("eos_token_id", vocabulary));
        checkpoint
                .generationConfiguration()
                .map(object -> new JsonFields("generation_config.", object))
                .ifPresent(generation -> ids.addAll(generation.tokenIds("eos_token_id", vocabulary)));
        return ids;
    }

    private OptionalInt beginningOfText(int vocabulary) {
        OptionalInt stated = fields.optionalInteger("bos_token_id", 0, vocabulary - 1);
        if (stated.isPresent() || checkpoint.generationConfiguration().isEmpty()) {
            return stated;
        }
        return new JsonFields(
                        "generation_config.",
                        checkpoint.generationConfiguration().get())
                .optionalInteger("bos_token_id", 0, vocabulary - 1);
    }
}
