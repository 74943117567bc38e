package io.tributary.chaos.mesh;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.checkpoints.HuggingFaceCheckpoint;
import io.tributary.checkpoints.SafetensorsWriter;
import io.tributary.checkpoints.StoredTensor;
import io.tributary.checkpoints.TensorType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A dense model made into one with experts, as Komatsuzaki et al. 2023 ("Sparse upcycling") do it, but finer: each expert,
 * and the shared expert, is a run of the hidden units of the dense network, a little changed, so that no two are alike. The
 * gates are random. It is Qwen2-MoE in form, and the same bits whenever and wherever it is made.
 */
final class MixtureModel {
    /** Experts of each layer, without the shared one. */
    static final int EXPERTS = 8;

    private static final int CHOSEN = 2;
    /** Hidden units of an expert, and of the shared one. */
    private static final int HIDDEN = 128;

    private static final long SEED = 20_230;
    /** Hidden units between the first ones of two experts that follow one another; runs end at the first unit again. */
    private static final int STRIDE = 80;

    private static final double LARGEST_CHANGE = 0.1;
    /** Makes a score a few units large, so that gates decide and do not waver. */
    private static final double LARGEST_GATE = 0.2;

    private static final String CONFIGURATION = "config.json";
    private static final String WEIGHTS = "model.safetensors";
    private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HuggingFaceCheckpoint dense;
    private final SplittableRandom random = new SplittableRandom(SEED);
    private final List<StoredTensor> tensors = new ArrayList<>();

    private MixtureModel(HuggingFaceCheckpoint dense) {
        this.dense = dense;
    }

    /**
     * Makes the model.
     *
     * @param source the dense model, of the form that the shipped one has
     * @param directory where, in a folder
     * @return the folder
     */
    static Path make(Path source, Path directory) throws IOException {
        Path made = directory.resolve("kjv-mixture");
        Files.createDirectories(made);
        for (Path file : LongContextModel.filesOf(source)) {
            Path copy = made.resolve(file.getFileName());
            if (!copy.endsWith(WEIGHTS) && !Files.exists(copy)) {
                Files.copy(file, copy);
            }
        }
        try (HuggingFaceCheckpoint dense = HuggingFaceCheckpoint.open(source)) {
            ObjectNode configuration = dense.configuration().deepCopy();
            JSON.writeValue(made.resolve(CONFIGURATION).toFile(), withExperts(configuration));
            SafetensorsWriter.write(made.resolve(WEIGHTS), new MixtureModel(dense).tensors());
        }
        return made;
    }

    private static ObjectNode withExperts(ObjectNode dense) {
        dense.putArray("architectures").add("Qwen2MoeForCausalLM");
        return dense.put("model_type", "qwen2_moe")
                .put("qkv_bias", false)
                .put("num_experts", EXPERTS)
                .put("num_experts_per_tok", CHOSEN)
                .put("norm_topk_prob", true)
                .put("moe_intermediate_size", HIDDEN)
                .put("shared_expert_intermediate_size", HIDDEN)
                .put("decoder_sparse_step", 1);
    }

    private List<StoredTensor> tensors() {
        dense.tensorNames().stream()
                .filter(name -> !name.contains(".mlp."))
                .forEach(name -> tensors.add(dense.require(name)));
        int layers = dense.configuration().get("num_hidden_layers").asInt();
        for (int layer = 0; layer < layers; layer++) {
            addMixture("model.layers." + layer + ".mlp.");
        }
        return tensors;
    }

    private void addMixture(String prefix) {
        int width = dense.configuration().get("hidden_size").asInt();
        addGate(prefix + "gate.weight", EXPERTS, width);
        addGate(prefix + "shared_expert_gate.weight", 1, width);
        addExpert(prefix, "shared_expert.", 0);
        for (int expert = 0; expert < EXPERTS; expert++) {
            addExpert(prefix, "experts." + expert + ".", expert * STRIDE);
        }
    }

    private void addGate(String name, int rows, int width) {
        float[] values = new float[rows * width];
        for (int index = 0; index < values.length; index++) {
            values[index] = (float) random.nextDouble(-LARGEST_GATE, LARGEST_GATE);
        }
        tensors.add(StoredTensor.ofFloats(name, List.of((long) rows, (long) width), values));
    }

    private void addExpert(String prefix, String name, int firstUnit) {
        for (String matrix : List.of("gate_proj.weight", "up_proj.weight")) {
            StoredTensor whole = dense.require(prefix + matrix);
            addChanged(prefix + name + matrix, whole, run(firstUnit, rows(whole)), all(columns(whole)));
        }
        StoredTensor down = dense.require(prefix + "down_proj.weight");
        addChanged(prefix + name + "down_proj.weight", down, all(rows(down)), run(firstUnit, columns(down)));
    }

    /** Adds these rows and columns of a matrix of halves. */
    private void addChanged(String name, StoredTensor whole, int[] rows, int[] columns) {
        MemorySegment part = Arena.ofAuto().allocate((long) rows.length * columns.length * Short.BYTES);
        long index = 0;
        for (int row : rows) {
            for (int column : columns) {
                short weight = whole.data().getAtIndex(HALF, (long) row * columns(whole) + column);
                double factor = 1 + random.nextDouble(-LARGEST_CHANGE, LARGEST_CHANGE);
                part.setAtIndex(HALF, index++, Float.floatToFloat16((float) (Float.float16ToFloat(weight) * factor)));
            }
        }
        tensors.add(new StoredTensor(name, TensorType.F16, List.of((long) rows.length, (long) columns.length), part));
    }

    private static int[] run(int firstUnit, int units) {
        return IntStream.range(firstUnit, firstUnit + HIDDEN)
                .map(unit -> unit % units)
                .toArray();
    }

    private static int[] all(int count) {
        return IntStream.range(0, count).toArray();
    }

    private static int rows(StoredTensor matrix) {
        return Math.toIntExact(matrix.shape().getFirst());
    }

    private static int columns(StoredTensor matrix) {
        return Math.toIntExact(matrix.shape().getLast());
    }
}
