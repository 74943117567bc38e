package io.tributary.router;

import io.tributary.checkpoints.Checkpoint;
import io.tributary.checkpoints.SafetensorsWriter;
import io.tributary.checkpoints.StoredTensor;
import io.tributary.models.architecture.Architecture;
import io.tributary.models.architecture.ArchitectureReader;
import io.tributary.models.architecture.Gating;
import io.tributary.models.architecture.LayerSpec;
import io.tributary.models.architecture.MixtureOfExperts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** A model of three small layers with random weights; the one in the middle has no experts. */
final class TinyMixture {
    static final int WIDTH = 24;
    static final int ROW_BYTES = WIDTH * Float.BYTES;
    static final int EXPERTS = 8;
    static final int LAYERS = 3;
    static final List<Integer> EXPERT_LAYERS = List.of(0, 2);
    private static final int HIDDEN = 20;
    private static final int VOCABULARY = 11;
    private static final int HEADS = 2;

    private TinyMixture() {}

    /** Writes the model and returns its directory. */
    static Path write(Path directory, long seed) {
        return write(directory, seed, EXPERT_LAYERS);
    }

    /** Writes such a model with experts in other layers, if in any. */
    static Path write(Path directory, long seed, List<Integer> expertLayers) {
        List<Integer> dense = IntStream.range(0, LAYERS)
                .filter(layer -> !expertLayers.contains(layer))
                .boxed()
                .toList();
        String configuration =
                """
                {"architectures": ["Qwen3MoeForCausalLM"], "vocab_size": %d, "hidden_size": %d, "num_hidden_layers": %d,
                "num_attention_heads": %d, "num_key_value_heads": %d, "head_dim": %d, "intermediate_size": %d,
                "tie_word_embeddings": true, "num_experts": %d, "moe_intermediate_size": %d, "num_experts_per_tok": 2,
                "norm_topk_prob": true, "decoder_sparse_step": 1, "mlp_only_layers": %s,
                "max_position_embeddings": 512, "rms_norm_eps": 1e-5, "rope_theta": 10000}
                """.formatted(VOCABULARY, WIDTH, LAYERS, HEADS, HEADS, WIDTH / HEADS, HIDDEN, EXPERTS, HIDDEN, dense);
        try {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("config.json"), configuration);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        SafetensorsWriter.write(directory.resolve("model.safetensors"), tensors(new Random(seed), expertLayers));
        return directory;
    }

    /** The gates of the model, with its experts chosen by a gating. */
    static GatedModel gated(Path directory, Gating gating, int maximalRows) {
        Checkpoint checkpoint = Checkpoint.open(directory);
        Architecture architecture = ArchitectureReader.read(checkpoint);
        List<LayerSpec> layers = architecture.layers().stream()
                .map(layer -> withGating(layer, gating))
                .toList();
        return GatedModel.of(
                "tiny",
                checkpoint,
                new Architecture(
                        architecture.vocabularySize(),
                        architecture.width(),
                        architecture.contextLength(),
                        layers,
                        architecture.finalNormalization(),
                        architecture.tiedUnembedding(),
                        architecture.endOfTextIds(),
                        architecture.beginningOfTextId()),
                1,
                maximalRows);
    }

    private static LayerSpec withGating(LayerSpec layer, Gating gating) {
        return layer.channelMixing() instanceof MixtureOfExperts mixture
                ? new LayerSpec(
                        layer.beforeTokenMixing(),
                        layer.tokenMixing(),
                        layer.beforeChannelMixing(),
                        new MixtureOfExperts(mixture.experts(), mixture.expert(), gating, mixture.shared()))
                : layer;
    }

    private static List<StoredTensor> tensors(Random random, List<Integer> expertLayers) {
        List<StoredTensor> tensors = new ArrayList<>();
        tensors.add(matrix(random, "model.embed_tokens", VOCABULARY, WIDTH));
        tensors.add(matrix(random, "model.norm", WIDTH));
        for (int layer = 0; layer < LAYERS; layer++) {
            String prefix = "model.layers." + layer + ".";
            for (String norm : List.of("input_layernorm", "post_attention_layernorm")) {
                tensors.add(matrix(random, prefix + norm, WIDTH));
            }
            for (String norm : List.of("q_norm", "k_norm")) {
                tensors.add(matrix(random, prefix + "self_attn." + norm, WIDTH / HEADS));
            }
            for (String projection : List.of("q_proj", "k_proj", "v_proj", "o_proj")) {
                tensors.add(matrix(random, prefix + "self_attn." + projection, WIDTH, WIDTH));
            }
            addMixing(random, prefix + "mlp.", expertLayers.contains(layer), tensors);
        }
        return tensors;
    }

    private static void addMixing(Random random, String prefix, boolean experts, List<StoredTensor> tensors) {
        if (!experts) {
            addNetwork(random, prefix, tensors);
            return;
        }
        tensors.add(matrix(random, prefix + "gate", EXPERTS, WIDTH));
        for (int expert = 0; expert < EXPERTS; expert++) {
            addNetwork(random, prefix + "experts." + expert + ".", tensors);
        }
    }

    private static void addNetwork(Random random, String prefix, List<StoredTensor> tensors) {
        tensors.add(matrix(random, prefix + "gate_proj", HIDDEN, WIDTH));
        tensors.add(matrix(random, prefix + "up_proj", HIDDEN, WIDTH));
        tensors.add(matrix(random, prefix + "down_proj", WIDTH, HIDDEN));
    }

    private static StoredTensor matrix(Random random, String stem, long... extents) {
        List<Long> shape = new ArrayList<>();
        int count = 1;
        for (long extent : extents) {
            shape.add(extent);
            count *= (int) extent;
        }
        float[] values = new float[count];
        for (int index = 0; index < count; index++) {
            values[index] = (float) (random.nextGaussian() / Math.sqrt((double) extents[extents.length - 1]));
        }
        return StoredTensor.ofFloats(stem + ".weight", shape, values);
    }
}
