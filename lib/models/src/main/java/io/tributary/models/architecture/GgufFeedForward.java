package io.tributary.models.architecture;

import io.tributary.checkpoints.GgufCheckpoint;
import io.tributary.models.weights.TensorNaming;
import io.tributary.models.weights.TensorRole;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;

/**
 * Reads what the layers of a model do to each position. A layer of a file with {@code expert_count} has experts unless it
 * holds the gate projection of a single network. What is assumed when a length is missing, or whether weights are
 * renormalised, is what llama.cpp computes for each family.
 */
final class GgufFeedForward {
    private static final long SOFTMAX = 1;

    private final GgufCheckpoint checkpoint;
    private final GgufFamily family;
    private final GgufFields fields;

    GgufFeedForward(GgufCheckpoint checkpoint, GgufFamily family, GgufFields fields) {
        this.checkpoint = checkpoint;
        this.family = family;
        this.fields = fields;
    }

    /** One for each layer. */
    List<ChannelMixing> read() {
        int layers = fields.integer("block_count", 1, Bounds.LAYERS);
        Optional<MixtureOfExperts> mixture = mixture();
        List<ChannelMixing> mixing = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            String gate = TensorNaming.GGUF.weight(TensorRole.GATE, layer);
            boolean single = mixture.isEmpty() || checkpoint.tensor(gate).isPresent();
            mixing.add(single ? network() : mixture.get());
        }
        return mixing;
    }

    private SwiGlu network() {
        String bias = TensorNaming.GGUF.bias(TensorRole.GATE, 0);
        return new SwiGlu(feedForwardLength(), checkpoint.tensor(bias).isPresent());
    }

    private Optional<MixtureOfExperts> mixture() {
        return switch (family) {
            case LLAMA -> statedExperts() > 0 ? Optional.of(mixture(true, this::feedForwardLength)) : Optional.empty();
            case QWEN2 -> {
                if (statedExperts() > 0) {
                    throw new UnsupportedArchitectureException(
                            fields.key("expert_count") + " " + statedExperts(),
                            "qwen2 without experts (0 or no such key); with experts it is qwen2moe");
                }
                yield Optional.empty();
            }
            case QWEN2_MOE -> Optional.of(mixture(false, this::lengthPerChosenExpert));
            case QWEN3_MOE -> Optional.of(mixture(true, this::lengthPerChosenExpert));
            case OLMOE -> Optional.of(mixture(false, this::feedForwardLength));
        };
    }

    private MixtureOfExperts mixture(boolean defaultNorm, IntSupplier defaultHidden) {
        refuseWhatIsNotComputed();
        int hidden = fields.optionalInteger("expert_feed_forward_length", 1, Bounds.HIDDEN)
                .orElseGet(defaultHidden);
        boolean renormalized = fields.metadata()
                .optionalFlag(fields.key("expert_weights_norm"))
                .orElse(defaultNorm);
        return new MixtureOfExperts(
                fields.integer("expert_count", 1, Bounds.EXPERTS),
                new SwiGlu(hidden, false),
                new Gating.SoftmaxThenTopK(chosen(), renormalized),
                shared());
    }

    private Optional<SharedExpert> shared() {
        String suffix = "expert_shared_feed_forward_length";
        if (family == GgufFamily.QWEN2_MOE) {
            int hidden = fields.optionalInteger(suffix, 1, Bounds.HIDDEN).orElseGet(this::feedForwardLength);
            return Optional.of(new SharedExpert(new SwiGlu(hidden, false), true));
        }
        int hidden = fields.optionalInteger(suffix, 0, Bounds.HIDDEN).orElse(0);
        if (hidden != 0) {
            throw new UnsupportedArchitectureException(
                    fields.key(suffix) + " " + hidden, "no shared expert in this family (0 or no such key)");
        }
        return Optional.empty();
    }

    private void refuseWhatIsNotComputed() {
        String function = fields.key("expert_gating_func");
        long stated = fields.metadata().optionalInteger(function).orElse(SOFTMAX);
        if (stated != SOFTMAX) {
            throw new UnsupportedArchitectureException(
                    function + " " + stated, SOFTMAX + " (softmax) or no such key in this family");
        }
        String scale = fields.key("expert_weights_scale");
        double factor = fields.metadata().optionalReal(scale).orElse(1);
        if (factor != 1 && factor != 0) {
            throw new UnsupportedArchitectureException(scale + " " + factor, "1 or no such key in this family");
        }
    }

    private int statedExperts() {
        return fields.optionalInteger("expert_count", 0, Bounds.EXPERTS).orElse(0);
    }

    private int chosen() {
        return fields.integer("expert_used_count", 1, fields.integer("expert_count", 1, Bounds.EXPERTS));
    }

    private int feedForwardLength() {
        return fields.integer("feed_forward_length", 1, Bounds.HIDDEN);
    }

    /** The length of one of the chosen experts, which together are as long as a network of the full length. */
    private int lengthPerChosenExpert() {
        return Bounds.integer(
                fields.key("feed_forward_length") + " / " + fields.key("expert_used_count"),
                feedForwardLength() / chosen(),
                1,
                Bounds.HIDDEN);
    }
}
