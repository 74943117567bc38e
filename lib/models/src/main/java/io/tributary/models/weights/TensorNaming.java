package io.tributary.models.weights;

import io.tributary.checkpoints.Checkpoint;
import io.tributary.checkpoints.GgufCheckpoint;
import io.tributary.checkpoints.HuggingFaceCheckpoint;
import io.tributary.checkpoints.OnnxCheckpoint;

/** How a file format calls the tensors of a decoder. */
public enum TensorNaming {
    /** {@code model.layers.0.self_attn.q_proj.weight} and so on; experts as in Qwen-MoE and OLMoE. */
    HUGGING_FACE("model.layers.", "mlp.gate.e_score_correction_bias") {
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
                case QUERY_NORM -> "self_attn.q_norm";
                case KEY_NORM -> "self_attn.k_norm";
                case ATTENTION_OUTPUT -> "self_attn.o_proj";
                case CHANNEL_MIXING_NORM -> "post_attention_layernorm";
                case GATE -> "mlp.gate_proj";
                case UP -> "mlp.up_proj";
                case DOWN -> "mlp.down_proj";
                case EXPERT_GATING -> "mlp.gate";
                case SHARED_EXPERT_GATE -> "mlp.shared_expert.gate_proj";
                case SHARED_EXPERT_UP -> "mlp.shared_expert.up_proj";
                case SHARED_EXPERT_DOWN -> "mlp.shared_expert.down_proj";
                case SHARED_EXPERT_GATING -> "mlp.shared_expert_gate";
            };
        }

        @Override
        String expertStem(TensorRole role, int expert) {
            return switch (role) {
                case GATE -> "mlp.experts." + expert + ".gate_proj";
                case UP -> "mlp.experts." + expert + ".up_proj";
                case DOWN -> "mlp.experts." + expert + ".down_proj";
                default -> throw notOfExperts(role);
            };
        }
    },
    /** As {@link #HUGGING_FACE}, but with Mixtral's names for gate and experts. */
    MIXTRAL("model.layers.", "block_sparse_moe.gate.e_score_correction_bias") {
        @Override
        String stem(TensorRole role) {
            return role == TensorRole.EXPERT_GATING ? "block_sparse_moe.gate" : HUGGING_FACE.stem(role);
        }

        @Override
        String expertStem(TensorRole role, int expert) {
            return switch (role) {
                case GATE -> "block_sparse_moe.experts." + expert + ".w1";
                case UP -> "block_sparse_moe.experts." + expert + ".w3";
                case DOWN -> "block_sparse_moe.experts." + expert + ".w2";
                default -> throw notOfExperts(role);
            };
        }
    },
    /** {@code blk.0.attn_q.weight} and so on; one tensor holds a matrix of all experts of a layer. */
    GGUF("blk.", "exp_probs_b.bias") {
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
                case QUERY_NORM -> "attn_q_norm";
                case KEY_NORM -> "attn_k_norm";
                case ATTENTION_OUTPUT -> "attn_output";
                case CHANNEL_MIXING_NORM -> "ffn_norm";
                case GATE -> "ffn_gate";
                case UP -> "ffn_up";
                case DOWN -> "ffn_down";
                case EXPERT_GATING -> "ffn_gate_inp";
                case SHARED_EXPERT_GATE -> "ffn_gate_shexp";
                case SHARED_EXPERT_UP -> "ffn_up_shexp";
                case SHARED_EXPERT_DOWN -> "ffn_down_shexp";
                case SHARED_EXPERT_GATING -> "ffn_gate_inp_shexp";
            };
        }

        @Override
        String expertStem(TensorRole role, int expert) {
            return switch (role) {
                case GATE -> "ffn_gate_exps";
                case UP -> "ffn_up_exps";
                case DOWN -> "ffn_down_exps";
                default -> throw notOfExperts(role);
            };
        }
    };

    private final String layerPrefix;
    private final String gatingCorrection;

    TensorNaming(String layerPrefix, String gatingCorrection) {
        this.layerPrefix = layerPrefix;
        this.gatingCorrection = gatingCorrection;
    }

    /** The naming of a checkpoint's format and family. */
    public static TensorNaming of(Checkpoint checkpoint) {
        return switch (checkpoint) {
            case HuggingFaceCheckpoint directory -> {
                String className =
                        directory.configuration().path("architectures").path(0).asText();
                yield className.equals("MixtralForCausalLM") ? MIXTRAL : HUGGING_FACE;
            }
            case GgufCheckpoint file -> GGUF;
            case OnnxCheckpoint file -> HUGGING_FACE;
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

    /**
     * The name of an expert's weight.
     *
     * @param role GATE, UP or DOWN
     */
    public String expertWeight(TensorRole role, int layer, int expert) {
        return layerPrefix + layer + "." + expertStem(role, expert) + ".weight";
    }

    /** Whether one tensor [experts, outputs, inputs] holds the weights of all experts of a layer. */
    public boolean stacksExperts() {
        return this == GGUF;
    }

    /** The name of what is added to a layer's gate scores for the choice of experts. */
    public String gatingCorrection(int layer) {
        return layerPrefix + layer + "." + gatingCorrection;
    }

    abstract String stem(TensorRole role);

    abstract String expertStem(TensorRole role, int expert);

    private static IllegalArgumentException notOfExperts(TensorRole role) {
        return new IllegalArgumentException(role + " is no role of an expert's weight");
    }
}
