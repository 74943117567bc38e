package io.tributary.models.weights;

import io.tributary.checkpoints.Checkpoint;
import io.tributary.checkpoints.GgufCheckpoint;
import io.tributary.checkpoints.HuggingFaceCheckpoint;

/** How a file format calls the tensors of a decoder. */
public enum TensorNaming {
    /** {@code model.layers.0.self_attn.q_proj.weight} and so on. */
    HUGGING_FACE("model.layers.") {
        @Override
        String stem(TensorRole role) {
            return switch (role) {
                case EMBEDDING -> "model.embed_tokens";
                case FINAL_NORM -> "model.norm";
                case UNEMBEDDING -> "lm_head";
                case TOKEN_MIXING_NORM -> "input_layernorm";
                case QUERY -> "self_attn.q_proj";
                case KEY -> "self_attn.k_proj";
                case VALUE -> "self_attn.v_proj";
                case ATTENTION_OUTPUT -> "self_attn.o_proj";
                case CHANNEL_MIXING_NORM -> "post_attention_layernorm";
                case GATE -> "mlp.gate_proj";
                case UP -> "mlp.up_proj";
                case DOWN -> "mlp.down_proj";
            };
        }
    },
    /** {@code blk.0.attn_q.weight} and so on. */
    GGUF("blk.") {
        @Override
        String stem(TensorRole role) {
            return switch (role) {
                case EMBEDDING -> "token_embd";
                case FINAL_NORM -> "output_norm";
                case UNEMBEDDING -> "output";
                case TOKEN_MIXING_NORM -> "attn_norm";
                case QUERY -> "attn_q";
                case KEY -> "attn_k";
                case VALUE -> "attn_v";
                case ATTENTION_OUTPUT -> "attn_output";
                case CHANNEL_MIXING_NORM -> "ffn_norm";
                case GATE -> "ffn_gate";
                case UP -> "ffn_up";
                case DOWN -> "ffn_down";
            };
        }
    };

    private final String layerPrefix;

    TensorNaming(String layerPrefix) {
        this.layerPrefix = layerPrefix;
    }

    /** The naming of a checkpoint's format. */
    public static TensorNaming of(Checkpoint checkpoint) {
        return switch (checkpoint) {
            case HuggingFaceCheckpoint directory -> HUGGING_FACE;
            case GgufCheckpoint file -> GGUF;
        };
    }

    /** The name of a weight that belongs to no layer. */
    public String weight(TensorRole role) {
        return stem(role) + ".weight";
    }

    /** The name of a layer's weight. */
    public String weight(TensorRole role, int layer) {
        return layerPrefix + layer + "." + stem(role) + ".weight";
    }

    /** The name of the bias of a layer's projection. */
    public String bias(TensorRole role, int layer) {
        return layerPrefix + layer + "." + stem(role) + ".bias";
    }

    abstract String stem(TensorRole role);
}
