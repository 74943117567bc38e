package io.tributary.models;

import io.tributary.checkpoints.Checkpoint;
import io.tributary.checkpoints.SafetensorsWriter;
import io.tributary.checkpoints.StoredTensor;
import io.tributary.checkpoints.TensorType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** F32 weights of a decoder under their Hugging Face names. */
final class TestWeights {
    private final TestShape shape;
    private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();

    private TestWeights(TestShape shape) {
        this.shape = shape;
    }

    /** Random weights with peaked attention. */
    static TestWeights random(TestShape shape, long seed) {
        TestWeights weights = new TestWeights(shape);
        Random random = new Random(seed);
        weights.names().forEach((name, extents) -> weights.put(name, extents, random));
        return weights;
    }

    /** The F32 weights of a checkpoint. */
    static TestWeights of(Checkpoint checkpoint, TestShape shape) {
        TestWeights weights = new TestWeights(shape);
        weights.names().forEach((name, extents) -> {
            StoredTensor tensor = checkpoint.require(name);
            if (tensor.type() != TensorType.F32 || !tensor.shape().equals(extents)) {
                throw new IllegalArgumentException(name + " is " + tensor.type() + " " + tensor.shape());
            }
            weights.tensors.put(name, tensor);
        });
        return weights;
    }

    TestShape shape() {
        return shape;
    }

    StoredTensor tensor(String name) {
        StoredTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("no test weight " + name);
        }
        return tensor;
    }

    boolean has(String name) {
        return tensors.containsKey(name);
    }

    float[] floats(String name) {
        return tensor(name).data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    }

    /** Replaces the values of a tensor. */
    void replace(String name, float... values) {
        tensors.put(name, StoredTensor.ofFloats(name, tensor(name).shape(), values));
    }

    /** Replaces a tensor by another one of the same name. */
    void replace(StoredTensor tensor) {
        tensors.put(tensor.name(), tensor);
    }

    void remove(String name) {
        tensors.remove(name);
    }

    /** Writes a directory with these weights and a config.json. */
    Path writeHuggingFace(Path directory, String configuration) {
        try {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("config.json"), configuration);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        SafetensorsWriter.write(directory.resolve("model.safetensors"), new ArrayList<>(tensors.values()));
        return directory;
    }

    /** The shapes of all tensors by name. */
    Map<String, List<Long>> names() {
        Map<String, List<Long>> names = new LinkedHashMap<>();
        matrix(names, "model.embed_tokens", shape.vocabulary(), shape.width(), false);
        for (int layer = 0; layer < shape.layers(); layer++) {
            String prefix = "model.layers." + layer + ".";
            int queryWidth = shape.heads() * shape.headSize();
            int keyValueWidth = shape.keyValueHeads() * shape.headSize();
            vector(names, prefix + "input_layernorm.weight", shape.width());
            matrix(names, prefix + "self_attn.q_proj", queryWidth, shape.width(), shape.queryKeyValueBias());
            matrix(names, prefix + "self_attn.k_proj", keyValueWidth, shape.width(), shape.queryKeyValueBias());
            matrix(names, prefix + "self_attn.v_proj", keyValueWidth, shape.width(), shape.queryKeyValueBias());
            matrix(names, prefix + "self_attn.o_proj", shape.width(), queryWidth, shape.outputBias());
            vector(names, prefix + "post_attention_layernorm.weight", shape.width());
            int number = layer;
            shape.mixture()
                    .ifPresent(mixture -> mixture.attentionNames(shape)
                            .forEach((name, extents) -> names.put(prefix + name, extents)));
            if (shape.mixture().filter(mixture -> mixture.has(number)).isPresent()) {
                shape.mixture()
                        .get()
                        .names(shape.width())
                        .forEach((name, extents) -> names.put(prefix + name, extents));
            } else {
                matrix(names, prefix + "mlp.gate_proj", shape.hidden(), shape.width(), shape.feedForwardBias());
                matrix(names, prefix + "mlp.up_proj", shape.hidden(), shape.width(), shape.feedForwardBias());
                matrix(names, prefix + "mlp.down_proj", shape.width(), shape.hidden(), shape.feedForwardBias());
            }
        }
        vector(names, "model.norm.weight", shape.width());
        if (!shape.tied()) {
            matrix(names, "lm_head", shape.vocabulary(), shape.width(), false);
        }
        return names;
    }

    private static void matrix(Map<String, List<Long>> names, String stem, long outputs, long inputs, boolean bias) {
        names.put(stem + ".weight", List.of(outputs, inputs));
        if (bias) {
            names.put(stem + ".bias", List.of(outputs));
        }
    }

    private static void vector(Map<String, List<Long>> names, String name, long length) {
        names.put(name, List.of(length));
    }

    private void put(String name, List<Long> extents, Random random) {
        long count = extents.stream().mapToLong(Long::longValue).reduce(1, Math::multiplyExact);
        boolean norm = name.endsWith("norm.weight");
        boolean peaked = name.contains("q_proj") || name.contains("k_proj");
        double spread = (peaked ? 1.6 : name.contains("gate.weight") ? 2 : 1) / Math.sqrt(extents.getLast());
        float[] values = new float[(int) count];
        for (int index = 0; index < values.length; index++) {
            double gaussian = random.nextGaussian();
            values[index] =
                    (float) (norm ? 1 + 0.2 * gaussian : extents.size() == 1 ? 0.3 * gaussian : spread * gaussian);
        }
        tensors.put(name, StoredTensor.ofFloats(name, extents, values));
    }
}
