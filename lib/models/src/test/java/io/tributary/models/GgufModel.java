package io.tributary.models;

import io.tributary.checkpoints.GgufWriter;
import io.tributary.checkpoints.StoredTensor;
import io.tributary.checkpoints.TensorType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Writes test weights as a GGUF file, with the names and the row order of that format. */
final class GgufModel {
    private final TestWeights weights;
    private final String architecture;
    private final TensorType matrixType;

    /** @param matrixType how matrices are stored; vectors are F32 */
    GgufModel(TestWeights weights, String architecture, TensorType matrixType) {
        this.weights = weights;
        this.architecture = architecture;
        this.matrixType = matrixType;
    }

    /** A writer with the metadata of the model and no tensors. */
    GgufWriter metadata(int contextLength, float base, float epsilon) {
        TestShape shape = weights.shape();
        GgufWriter writer = new GgufWriter()
                .string("general.architecture", architecture)
                .integer(architecture + ".context_length", contextLength)
                .integer(architecture + ".embedding_length", shape.width())
                .integer(architecture + ".block_count", shape.layers())
                .integer(architecture + ".feed_forward_length", shape.hidden())
                .integer(architecture + ".attention.head_count", shape.heads())
                .integer(architecture + ".attention.head_count_kv", shape.keyValueHeads())
                .integer(architecture + ".attention.key_length", shape.headSize())
                .integer(architecture + ".attention.value_length", shape.headSize())
                .integer(architecture + ".rope.dimension_count", shape.headSize())
                .real(architecture + ".rope.freq_base", base)
                .real(architecture + ".attention.layer_norm_rms_epsilon", epsilon)
                .integer("tokenizer.ggml.bos_token_id", 1)
                .integer("tokenizer.ggml.eos_token_id", 2);
        shape.mixture().ifPresent(mixture -> {
            writer.integer(architecture + ".expert_count", mixture.experts())
                    .integer(architecture + ".expert_used_count", mixture.chosen())
                    .integer(architecture + ".expert_feed_forward_length", mixture.hidden());
            if (mixture.sharedHidden() > 0) {
                writer.integer(architecture + ".expert_shared_feed_forward_length", mixture.sharedHidden());
            }
        });
        return writer;
    }

    /** Adds the tensors and writes the file. */
    Path write(GgufWriter writer, Path file) {
        for (String name : weights.names().keySet()) {
            if (!name.contains(".experts.")) {
                writer.tensor(tensor(name));
            }
        }
        weights.shape().mixture().ifPresent(mixture -> {
            for (int layer = 0; layer < weights.shape().layers(); layer++) {
                if (mixture.has(layer)) {
                    writer.tensor(stack(mixture, layer, "gate_proj", "ffn_gate_exps"))
                            .tensor(stack(mixture, layer, "up_proj", "ffn_up_exps"))
                            .tensor(stack(mixture, layer, "down_proj", "ffn_down_exps"));
                }
            }
        });
        writer.write(file);
        return file;
    }

    /** The weights as the file holds them, quantised and converted back, still in the order of Hugging Face. */
    TestWeights stored() {
        TestWeights stored = TestWeights.random(weights.shape(), 0);
        for (String name : weights.names().keySet()) {
            float[] values = weights.floats(name);
            stored.replace(name, quantized(name) ? BlockQuantizer.of(matrixType).restore(values) : values);
        }
        return stored;
    }

    private boolean quantized(String name) {
        boolean gate = name.endsWith("gate.weight");
        return matrixType != TensorType.F32
                && !gate
                && weights.tensor(name).shape().size() == 2;
    }

    /** The matrices of all experts of a layer one behind the other. */
    private StoredTensor stack(TestMixture mixture, int layer, String projection, String stem) {
        List<Long> shape = List.of();
        float[] all = new float[0];
        for (int expert = 0; expert < mixture.experts(); expert++) {
            String name = "model.layers." + layer + "." + mixture.expert(expert, projection) + ".weight";
            float[] values = weights.floats(name);
            shape = weights.tensor(name).shape();
            all = Arrays.copyOf(all, (expert + 1) * values.length);
            System.arraycopy(values, 0, all, expert * values.length, values.length);
        }
        return stored(
                "blk." + layer + "." + stem + ".weight",
                List.of((long) mixture.experts(), shape.getFirst(), shape.getLast()),
                all,
                matrixType != TensorType.F32);
    }

    private StoredTensor stored(String name, List<Long> shape, float[] values, boolean quantized) {
        return quantized
                ? new StoredTensor(
                        name, matrixType, shape, BlockQuantizer.of(matrixType).quantize(values))
                : StoredTensor.ofFloats(name, shape, values);
    }

    private StoredTensor tensor(String name) {
        List<Long> shape = weights.tensor(name).shape();
        float[] values = weights.floats(name);
        if (architecture.equals("llama") && (name.contains(".q_proj.") || name.contains(".k_proj."))) {
            values = interleaved(
                    values,
                    values.length / Math.toIntExact(shape.getFirst()),
                    weights.shape().headSize());
        }
        boolean oneRow = name.endsWith("shared_expert_gate.weight");
        return stored(ggufName(name), oneRow ? shape.subList(1, 2) : shape, values, quantized(name));
    }

    /** Rows (or bias elements) of each head from half-split to interleaved order. */
    private static float[] interleaved(float[] values, int inputs, int headSize) {
        float[] result = new float[values.length];
        int rows = values.length / inputs;
        for (int row = 0; row < rows; row++) {
            int head = row / headSize;
            int pair = row % headSize / 2;
            int source = head * headSize + (row % 2 == 0 ? pair : pair + headSize / 2);
            System.arraycopy(values, source * inputs, result, row * inputs, inputs);
        }
        return result;
    }

    private static String ggufName(String name) {
        return name.replace("model.layers.", "blk.")
                .replace("model.embed_tokens", "token_embd")
                .replace("model.norm", "output_norm")
                .replace("lm_head", "output")
                .replace("input_layernorm", "attn_norm")
                .replace("post_attention_layernorm", "ffn_norm")
                .replace("self_attn.q_proj", "attn_q")
                .replace("self_attn.k_proj", "attn_k")
                .replace("self_attn.v_proj", "attn_v")
                .replace("self_attn.o_proj", "attn_output")
                .replace("self_attn.q_norm", "attn_q_norm")
                .replace("self_attn.k_norm", "attn_k_norm")
                .replace("mlp.shared_expert_gate", "ffn_gate_inp_shexp")
                .replace("mlp.shared_expert.gate_proj", "ffn_gate_shexp")
                .replace("mlp.shared_expert.up_proj", "ffn_up_shexp")
                .replace("mlp.shared_expert.down_proj", "ffn_down_shexp")
                .replace("mlp.gate.", "ffn_gate_inp.")
                .replace("block_sparse_moe.gate.", "ffn_gate_inp.")
                .replace("mlp.gate_proj", "ffn_gate")
                .replace("mlp.up_proj", "ffn_up")
                .replace("mlp.down_proj", "ffn_down");
    }
}
