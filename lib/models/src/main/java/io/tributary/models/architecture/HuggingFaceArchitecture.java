package io.tributary.models.architecture;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.checkpoints.HuggingFaceCheckpoint;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/** Reads config.json and generation_config.json; fields and their defaults are those of transformers 4.57. */
final class HuggingFaceArchitecture {
    private final HuggingFaceCheckpoint checkpoint;
    private final JsonFields fields;

    HuggingFaceArchitecture(HuggingFaceCheckpoint checkpoint) {
        this.checkpoint = checkpoint;
        this.fields = new JsonFields("", checkpoint.configuration());
    }

    Architecture read() {
        HuggingFaceFamily family = family();
        refuseWhatIsNotComputed();
        int vocabulary = fields.integer("vocab_size", 1, Bounds.VOCABULARY);
        int width = fields.integer("hidden_size", 1, Bounds.WIDTH);
        int positions = fields.integer("max_position_embeddings", 1, Bounds.POSITIONS);
        refuseSlidingWindow(family, positions);
        int headSize = headSize(width);
        RotaryPosition rotary = new HuggingFaceRope(fields, headSize, positions).read(family.defaultBase());
        double stated = fields.optionalReal("rms_norm_eps").orElse(family.defaultEpsilon());
        float epsilon = (float) Bounds.above("rms_norm_eps", stated, 1e-30, 1);
        DecoderDimensions dimensions = new DecoderDimensions(
                vocabulary,
                width,
                contextLength(rotary, positions),
                attention(family, headSize, family.queryKeyNormalization(epsilon), rotary),
                new HuggingFaceFeedForward(family, fields).read(),
                epsilon);
        return dimensions.architecture(
                fields.flag("tie_word_embeddings", false), endOfText(vocabulary), beginningOfText(vocabulary));
    }

    private HuggingFaceFamily family() {
        JsonNode classes = fields.object().path("architectures");
        if (classes.size() != 1 || !classes.path(0).isTextual()) {
            throw new InvalidArchitectureException(
                    "architectures",
                    classes.isMissingNode() ? "missing" : classes.toString(),
                    "a list of one of " + HuggingFaceFamily.all());
        }
        return HuggingFaceFamily.named(classes.get(0).textValue());
    }

    private void refuseWhatIsNotComputed() {
        String activation = fields.text("hidden_act", "silu");
        if (!activation.equals("silu")) {
            throw new UnsupportedArchitectureException("hidden_act " + activation, "silu");
        }
        if (fields.has("clip_qkv")) {
            throw new UnsupportedArchitectureException(
                    "clip_qkv " + fields.real("clip_qkv"), "queries, keys and values that are not clipped (null)");
        }
        if (fields.has("quantization_config")) {
            String method = fields.child("quantization_config").text("quant_method", "of unnamed method");
            throw new UnsupportedArchitectureException(
                    "the quantization " + method,
                    "safetensors of F32, F16 or BF16 without quantization_config, or GGUF files with Q8_0 or Q4_0");
        }
    }

    /** Attention here sees all positions; a window that no position can leave changes nothing. */
    private void refuseSlidingWindow(HuggingFaceFamily family, int positions) {
        if (family.usesSlidingWindow(fields) && fields.has("sliding_window")) {
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

    private CausalAttention attention(
            HuggingFaceFamily family, int headSize, QueryKeyNormalization normalization, RotaryPosition rotary) {
        int heads = fields.integer("num_attention_heads", 1, Bounds.HEADS);
        int keyValueHeads =
                fields.optionalInteger("num_key_value_heads", 1, Bounds.HEADS).orElse(heads);
        DecoderDimensions.checkQueryWidth("num_attention_heads", heads, headSize);
        DecoderDimensions.checkKeyValueHeads("num_key_value_heads", keyValueHeads, "num_attention_heads", heads);
        return new CausalAttention(heads, keyValueHeads, headSize, family.biases(fields), normalization, rotary);
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
