package io.tributary.models.architecture;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads what the layers of a model do to each position: one network, or experts in all or some of them. */
final class HuggingFaceFeedForward {
    private final HuggingFaceFamily family;
    private final JsonFields fields;

    HuggingFaceFeedForward(HuggingFaceFamily family, JsonFields fields) {
        this.family = family;
        this.fields = fields;
    }

    /** One for each layer. */
    List<ChannelMixing> read() {
        int layers = fields.integer("num_hidden_layers", 1, Bounds.LAYERS);
        return switch (family) {
            case LLAMA -> Collections.nCopies(layers, network(fields.flag("mlp_bias", false)));
            case MISTRAL, QWEN2 -> Collections.nCopies(layers, network(false));
            case MIXTRAL ->
                Collections.nCopies(
                        layers, mixture("intermediate_size", new Gating.TopKThenSoftmax(chosen()), Optional.empty()));
            case OLMOE -> Collections.nCopies(layers, mixture("intermediate_size", gating(), Optional.empty()));
            case QWEN2_MOE -> mixed(layers, mixture("moe_intermediate_size", gating(), Optional.of(sharedExpert())));
            case QWEN3_MOE -> mixed(layers, mixture("moe_intermediate_size", gating(), Optional.empty()));
        };
    }

    private SwiGlu network(boolean biases) {
        return new SwiGlu(fields.integer("intermediate_size", 1, Bounds.HIDDEN), biases);
    }

    private MixtureOfExperts mixture(String hiddenField, Gating gating, Optional<SharedExpert> shared) {
        SwiGlu expert = new SwiGlu(fields.integer(hiddenField, 1, Bounds.HIDDEN), false);
        return new MixtureOfExperts(experts(), expert, gating, shared);
    }

    private Gating gating() {
        return new Gating.SoftmaxThenTopK(chosen(), fields.flag("norm_topk_prob", false));
    }

    private SharedExpert sharedExpert() {
        int hidden = fields.integer("shared_expert_intermediate_size", 1, Bounds.HIDDEN);
        return new SharedExpert(new SwiGlu(hidden, false), true);
    }

    /** Releases of transformers differ in which of the two names they write. */
    private int experts() {
        String field = fields.has("num_local_experts") ? "num_local_experts" : "num_experts";
        return fields.integer(field, 1, Bounds.EXPERTS);
    }

    private int chosen() {
        return fields.integer("num_experts_per_tok", 1, experts());
    }

    /** Layer i has experts if i + 1 is a multiple of the step and it is not listed as having one network only. */
    private List<ChannelMixing> mixed(int layers, MixtureOfExperts mixture) {
        int step =
                fields.optionalInteger("decoder_sparse_step", 1, Bounds.LAYERS).orElse(1);
        Set<Integer> dense = fields.integers("mlp_only_layers", 0, layers - 1);
        List<ChannelMixing> mixing = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            boolean hasExperts = (layer + 1) % step == 0 && !dense.contains(layer);
            mixing.add(hasExperts ? mixture : network(false));
        }
        return mixing;
    }
}
