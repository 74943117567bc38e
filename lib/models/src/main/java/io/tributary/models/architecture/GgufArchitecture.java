package io.tributary.models.architecture;

import io.tributary.checkpoints.GgufCheckpoint;
import io.tributary.checkpoints.GgufMetadata;
import io.tributary.checkpoints.StoredTensor;
import io.tributary.models.weights.TensorNaming;
import io.tributary.models.weights.TensorRole;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/** Reads the metadata of a GGUF file; keys are those of docs/gguf.md of github.com/ggml-org/ggml. */
final class GgufArchitecture {
    private final GgufCheckpoint checkpoint;
    private final GgufMetadata metadata;
    private final GgufFamily family;
    private final GgufFields fields;

    GgufArchitecture(GgufCheckpoint checkpoint) {
        this.checkpoint = checkpoint;
        this.metadata = checkpoint.metadata();
        String name = metadata.string("general.architecture");
        this.family = GgufFamily.named(name);
        this.fields = new GgufFields(metadata, name);
    }

    Architecture read() {
        int positions = fields.integer("context_length", 1, Bounds.POSITIONS);
        refuseSlidingWindow(positions);
        int width = fields.integer("embedding_length", 1, Bounds.WIDTH);
        int vocabulary = vocabulary(width);
        float epsilon = epsilon();
        DecoderDimensions dimensions = new DecoderDimensions(
                vocabulary,
                width,
                positions,
                attention(width, family.queryKeyNormalization(epsilon)),
                new GgufFeedForward(checkpoint, family, fields).read(),
                epsilon);
        return dimensions.architecture(
                !has(TensorRole.UNEMBEDDING), endOfText(vocabulary), beginningOfText(vocabulary));
    }

    /** Attention here sees all positions; a window that no position can leave changes nothing. */
    private void refuseSlidingWindow(int positions) {
        OptionalLong window = metadata.optionalInteger(fields.key("attention.sliding_window"));
        if (window.isPresent() && window.getAsLong() > 0 && window.getAsLong() < positions) {
            throw new UnsupportedArchitectureException(
                    fields.key("attention.sliding_window") + " " + window.getAsLong() + " below "
                            + fields.key("context_length") + " " + positions,
                    "attention to all positions");
        }
    }

    private int vocabulary(int width) {
        StoredTensor embedding = checkpoint.require(TensorNaming.GGUF.weight(TensorRole.EMBEDDING));
        String field = "the shape of " + embedding.name();
        if (embedding.shape().size() != 2 || embedding.shape().getLast() != width) {
            throw new InvalidArchitectureException(
                    field,
                    embedding.shape().toString(),
                    "[vocabulary, " + width + "] as " + fields.key("embedding_length") + " says");
        }
        return Bounds.integer(field + "[0]", embedding.shape().getFirst(), 1, Bounds.VOCABULARY);
    }

    private CausalAttention attention(int width, QueryKeyNormalization normalization) {
        String headsKey = fields.key("attention.head_count");
        int heads = fields.integer("attention.head_count", 1, Bounds.HEADS);
        int keyValueHeads = fields.optionalInteger("attention.head_count_kv", 1, Bounds.HEADS)
                .orElse(heads);
        DecoderDimensions.checkKeyValueHeads(fields.key("attention.head_count_kv"), keyValueHeads, headsKey, heads);
        OptionalInt keyLength = fields.optionalInteger("attention.key_length", 2, Bounds.HEAD_SIZE);
        int headSize = keyLength.isPresent()
                ? keyLength.getAsInt()
                : DecoderDimensions.headSize(fields.key("embedding_length"), width, headsKey, heads);
        String sizeField = keyLength.isPresent()
                ? fields.key("attention.key_length")
                : fields.key("embedding_length") + " / " + headsKey;
        DecoderDimensions.even(sizeField, Bounds.integer(sizeField, headSize, 2, Bounds.HEAD_SIZE));
        DecoderDimensions.checkQueryWidth(headsKey, heads, headSize);
        int valueLength = fields.optionalInteger("attention.value_length", 1, Bounds.HEAD_SIZE)
                .orElse(headSize);
        if (valueLength != headSize) {
            throw new UnsupportedArchitectureException(
                    fields.key("attention.value_length") + " " + valueLength, headSize + ", the size of a key");
        }
        RotaryPosition rotary = new GgufRope(checkpoint, fields.architecture(), headSize).read(family.pairing());
        return new CausalAttention(heads, keyValueHeads, headSize, biases(), normalization, rotary);
    }

    private AttentionBiases biases() {
        if (!hasBias(TensorRole.QUERY)) {
            return AttentionBiases.NONE;
        }
        return hasBias(TensorRole.ATTENTION_OUTPUT) ? AttentionBiases.ALL : AttentionBiases.QUERY_KEY_VALUE;
    }

    private float epsilon() {
        String field = fields.key("attention.layer_norm_rms_epsilon");
        return (float) Bounds.above(field, metadata.real(field), 1e-30, 1);
    }

    private Set<Integer> endOfText(int vocabulary) {
        Set<Integer> ids = new TreeSet<>();
        tokenId("tokenizer.ggml.eos_token_id", vocabulary).ifPresent(ids::add);
        tokenId("tokenizer.ggml.eot_token_id", vocabulary).ifPresent(ids::add);
        return ids;
    }

    private OptionalInt beginningOfText(int vocabulary) {
        return tokenId("tokenizer.ggml.bos_token_id", vocabulary);
    }

    private OptionalInt tokenId(String field, int vocabulary) {
        OptionalLong value = metadata.optionalInteger(field);
        return value.isPresent()
                ? OptionalInt.of(Bounds.integer(field, value.getAsLong(), 0, vocabulary - 1))
                : OptionalInt.empty();
    }

    private boolean has(TensorRole role) {
        return checkpoint.tensor(TensorNaming.GGUF.weight(role)).isPresent();
    }

    private boolean hasBias(TensorRole role) {
        return checkpoint.tensor(TensorNaming.GGUF.bias(role, 0)).isPresent();
    }
}
