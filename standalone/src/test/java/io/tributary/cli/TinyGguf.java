package io.tributary.cli;

import io.tributary.checkpoints.GgufValueType;
import io.tributary.checkpoints.GgufWriter;
import io.tributary.checkpoints.StoredTensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Writes a GGUF file of the llama family with one layer, zeros as weights and bytes as vocabulary. */
final class TinyGguf {
    private static final int BYTES = 256;
    private static final long WIDTH = 64;
    private static final int TYPE_CONTROL = 3;
    private static final int TYPE_BYTE = 6;

    private TinyGguf() {}

    static Path write(Path file) {
        List<String> tokens = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
        for (int value = 0; value < BYTES; value++) {
            tokens.add("<0x" + HexFormat.of().withUpperCase().toHexDigits((byte) value) + ">");
        }
        long[] types = new long[tokens.size()];
        for (int id = 0; id < types.length; id++) {
            types[id] = id < types.length - BYTES ? TYPE_CONTROL : TYPE_BYTE;
        }
        GgufWriter writer = new GgufWriter()
                .string("general.architecture", "llama")
                .integer("llama.context_length", 64)
                .integer("llama.embedding_length", WIDTH)
                .integer("llama.block_count", 1)
                .integer("llama.feed_forward_length", WIDTH)
                .integer("llama.attention.head_count", 2)
                .real("llama.attention.layer_norm_rms_epsilon", 1e-5f)
                .string("tokenizer.ggml.model", "llama")
                .strings("tokenizer.ggml.tokens", tokens)
                .reals("tokenizer.ggml.scores", GgufValueType.FLOAT32, new double[types.length])
                .integers("tokenizer.ggml.token_type", GgufValueType.INT32, types)
                .integer("tokenizer.ggml.bos_token_id", 1)
                .integer("tokenizer.ggml.eos_token_id", 2)
                .tensor(zeros("token_embd", (long) types.length, WIDTH))
                .tensor(zeros("output_norm", WIDTH));
        for (String matrix : List.of("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down")) {
            writer.tensor(zeros("blk.0." + matrix, WIDTH, WIDTH));
        }
        writer.tensor(zeros("blk.0.attn_norm", WIDTH))
                .tensor(zeros("blk.0.ffn_norm", WIDTH))
                .write(file);
        return file;
    }

    private static StoredTensor zeros(String name, Long... shape) {
        long elements = 1;
        for (long extent : shape) {
            elements *= extent;
        }
        return StoredTensor.ofFloats(name + ".weight", List.of(shape), new float[Math.toIntExact(elements)]);
    }
}
