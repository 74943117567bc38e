package io.tributary.models.architecture;

import io.tributary.checkpoints.GgufCheckpoint;
import io.tributary.checkpoints.GgufMetadata;
import io.tributary.checkpoints.StoredTensor;
import io.tributary.kernels.RopePairing;
import io.tributary.models.weights.TensorNaming;
import io.tributary.models.weights.TensorRole;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/** Reads the metadata of a GGUF file; keys are those of docs/gguf.md of github.com/ggml-org/ggml. */
final class GgufArchitecture {
    private static final String SUPPORTED = "llama, qwen2";

    private final GgufCheckpoint checkpoint;
    private final GgufMetadata metadata;
    private final String name;

    GgufArchitecture(GgufCheckpoint checkpoint) {
        this.checkpoint = checkpoint;
        this.metadata = checkpoint.metadata();
        this.name = metadata.string("general.architecture");
    }

    Architecture read() {
        RopePairing pairing =
                switch (name) {
                    case "llama" -> RopePairing.INTERLEAVED;
                    case "qwen2" -> RopePairing.HALF_SPLIT;
                    default -> throw new UnsupportedArchitectureException("the GGUF architecture " + name, SUPPORTED);
                };
        int positions = integer("context_length", 1, Bounds.POSITIONS);
        refuseWhatIsNotComputed(positions);
        int width = integer("embedding_length", 1, Bounds.WIDTH);
        int vocabulary = vocabulary(width);
        DecoderDimensions dimensions = new DecoderDimensions(
                vocabulary,
                width,
                positions,
                integer("block_count", 1, Bounds.LAYERS),
                attention(width, pairing),
                new SwiGlu(integer("feed_forward_length", 1, Bounds.HIDDEN), hasBias(TensorRole.GATE)),
                epsilon());
        return dimensions.architecture(
                !has(TensorRole.UNEMBEDDING), endOfText(vocabulary), beginningOfText(vocabulary));
    }

    private void refuseWhatIsNotComputed(int positions) {
        long experts = metadata.optionalInteger(key("expert_count")).orElse(0);
        if (experts != 0) {
            throw new UnsupportedArchitectureException(
                    key("expert_count") + " " + experts, "models without experts (0 or no such key)");
        }
        OptionalLong window = metadata.optionalInteger(key("attention.sliding_window"));
        if (window.isPresent() && window.getAsLong() > 0 && window.getAsLong() < positions) {
            throw new UnsupportedArchitectureException(
                    key("attention.sliding_window") + " " + window.getAsLong() + " below " + key("context_length") + " "
                            + positions,
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
                    "[vocabulary, " + width + "] as " + key("embedding_length") + " says");
        }
        return Bounds.integer(field + "[0]", embedding.shape().getFirst(), 1, Bounds.VOCABULARY);
    }

    private CausalAttention attention(int width, RopePairing pairing) {
        String headsKey = key("attention.head_count");
        int heads = integer("attention.head_count", 1, Bounds.HEADS);
        int keyValueHeads =
                optionalInteger("attention.head_count_kv", 1, Bounds.HEADS).orElse(heads);
        DecoderDimensions.checkKeyValueHeads(key("attention.head_count_kv"), keyValueHeads, headsKey, heads);
        OptionalInt keyLength = optionalInteger("attention.key_length", 2, Bounds.HEAD_SIZE);
        int headSize = keyLength.isPresent()
                ? keyLength.getAsInt()
                : DecoderDimensions.headSize(key("embedding_length"), width, headsKey, heads);
        String sizeField =
                keyLength.isPresent() ? key("attention.key_length") : key("embedding_length") + " / " + headsKey;
        DecoderDimensions.even(sizeField, Bounds.integer(sizeField, headSize, 2, Bounds.HEAD_SIZE));
        DecoderDimensions.checkQueryWidth(headsKey, heads, headSize);
        int valueLength =
                optionalInteger("attention.value_length", 1, Bounds.HEAD_SIZE).orElse(headSize);
        if (valueLength != headSize) {
            throw new UnsupportedArchitectureException(
                    key("attention.value_length") + " " + valueLength, headSize + ", the size of a key");
        }
        return new CausalAttention(
                heads, keyValueHeads, headSize, biases(), new GgufRope(checkpoint, name, headSize).read(pairing));
    }

    private AttentionBiases biases() {
        if (!hasBias(TensorRole.QUERY)) {
            return AttentionBiases.NONE;
        }
        return hasBias(TensorRole.ATTENTION_OUTPUT) ? AttentionBiases.ALL : AttentionBiases.QUERY_KEY_VALUE;
    }

    private float epsilon() {
        String field = key("attention.layer_norm_rms_epsilon");
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

    private int integer(String suffix, int least, int most) {
        return Bounds.integer(key(suffix), metadata.integer(key(suffix)), least, most);
    }

    private OptionalInt optionalInteger(String suffix, int least, int most) {
        OptionalLong value = metadata.optionalInteger(key(suffix));
        return value.isPresent()
                ? OptionalInt.of(Bounds.integer(key(suffix), value.getAsLong(), least, most))
                : OptionalInt.empty();
    }

    private String key(String suffix) {
        return name + "." + suffix;
    }
}
