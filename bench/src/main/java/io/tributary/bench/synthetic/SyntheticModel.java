package io.tributary.bench.synthetic;

import io.tributary.checkpoints.GgufWriter;
import io.tributary.checkpoints.StoredTensor;
import io.tributary.kernels.WorkPool;
import io.tributary.models.weights.TensorNaming;
import io.tributary.models.weights.TensorRole;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes a model with random weights as a GGUF file of the architecture `llama`, with memory for its largest matrix. */
final class SyntheticModel {
    private static final float ROTARY_BASE = 10_000;
    private static final float EPSILON = 1e-5f;
    private static final String ARCHITECTURE = "llama";

    private final ModelShape shape;
    private final WeightFormat format;
    private final long seed;

    SyntheticModel(ModelShape shape, WeightFormat format, long seed) {
        this.shape = shape;
        this.format = format;
        this.seed = seed;
    }

    /**
     * Writes the file; the same shape, format and seed give the same bytes.
     *
     * @throws java.io.UncheckedIOException when it cannot be written
     */
    void write(Path path, WorkPool pool) {
        GgufWriter writer = metadata();
        new SyntheticVocabulary(shape.vocabulary()).write(writer);
        try (Arena arena = Arena.ofShared()) {
            Map<Integer, WeightBank> banks = new HashMap<>();
            List<MatrixShape> matrices = MatrixShape.of(shape);
            for (MatrixShape matrix : matrices) {
                WeightBank bank = banks.computeIfAbsent(
                        matrix.inputs(),
                        inputs -> new WeightBank(format, inputs, largest(matrices, inputs), seed, arena, pool));
                long bytes = matrix.elements()
                        / format.tensorType().blockElements()
                        * format.tensorType().blockBytes();
                writer.tensor(new StoredTensor(matrix.name(), format.tensorType(), matrix.shape(), bank.window(bytes)));
            }
            addRouters(writer, arena, pool);
            addNorms(writer);
            writer.write(path);
        }
    }

    private static long largest(List<MatrixShape> matrices, int inputs) {
        return matrices.stream()
                .filter(matrix -> matrix.inputs() == inputs)
                .mapToLong(MatrixShape::elements)
                .max()
                .orElseThrow();
    }

    private GgufWriter metadata() {
        GgufWriter writer = new GgufWriter()
                .string("general.architecture", ARCHITECTURE)
                .string("general.name", shape.name() + " with random weights")
                .integer("general.file_type", format.fileType())
                .integer("general.quantization_version", 2)
                .integer("llama.vocab_size", shape.vocabulary())
                .integer("llama.context_length", shape.context())
                .integer("llama.embedding_length", shape.width())
                .integer("llama.block_count", shape.layers())
                .integer("llama.feed_forward_length", shape.hidden())
                .integer("llama.attention.head_count", shape.heads())
                .integer("llama.attention.head_count_kv", shape.keyValueHeads())
                .integer("llama.rope.dimension_count", shape.headSize())
                .real("llama.rope.freq_base", ROTARY_BASE)
                .real("llama.attention.layer_norm_rms_epsilon", EPSILON);
        if (shape.experts().routed()) {
            writer.integer("llama.expert_count", shape.experts().count())
                    .integer("llama.expert_used_count", shape.experts().used());
        }
        return writer;
    }

    /** Routers are float32 whatever the other weights are, as in files that llama.cpp converts. */
    private void addRouters(GgufWriter writer, Arena arena, WorkPool pool) {
        if (!shape.experts().routed()) {
            return;
        }
        long elements = (long) shape.experts().count() * shape.width();
        WeightBank bank = new WeightBank(WeightFormat.F32, shape.width(), elements, ~seed, arena, pool);
        for (int layer = 0; layer < shape.layers(); layer++) {
            MemorySegment weights = bank.window(elements * Float.BYTES);
            writer.tensor(new StoredTensor(
                    "blk." + layer + ".ffn_gate_inp.weight",
                    WeightFormat.F32.tensorType(),
                    List.of((long) shape.experts().count(), (long) shape.width()),
                    weights));
        }
    }

    private void addNorms(GgufWriter writer) {
        float[] ones = new float[shape.width()];
        Arrays.fill(ones, 1f);
        List<Long> extents = List.of((long) shape.width());
        writer.tensor(StoredTensor.ofFloats(TensorNaming.GGUF.weight(TensorRole.FINAL_NORM), extents, ones));
        for (int layer = 0; layer < shape.layers(); layer++) {
            for (TensorRole role : List.of(TensorRole.TOKEN_MIXING_NORM, TensorRole.CHANNEL_MIXING_NORM)) {
                writer.tensor(StoredTensor.ofFloats(TensorNaming.GGUF.weight(role, layer), extents, ones));
            }
        }
    }
}
