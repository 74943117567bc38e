package io.tributary.models.speech;

import io.tributary.checkpoints.SafetensorsWriter;
import io.tributary.checkpoints.StoredTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/**
 * A small model of the large form with seeded weights: norms of rows, biases of convolutions, norms before the halves of layers,
 * a CTC head, and the recent names of a weight norm.
 */
final class SeededSpeechModel {
    static final int WIDTH = 32;
    static final int LABELS = 7;
    static final int POSITION_KERNEL = 8;
    private static final int CHANNELS = 16;
    private static final int HIDDEN = 48;
    private static final int LAYERS = 2;
    private static final int[] KERNELS = {10, 3, 3, 3, 3, 2, 2};

    private final SplittableRandom random = new SplittableRandom(77);
    private final List<StoredTensor> tensors = new ArrayList<>();

    static void write(Path directory) throws IOException {
        Files.writeString(directory.resolve("config.json"), """
                {"model_type":"wav2vec2","architectures":["Wav2Vec2ForCTC"],"hidden_size":32,"num_hidden_layers":2,
                 "num_attention_heads":4,"intermediate_size":48,"hidden_act":"gelu","feat_extract_norm":"layer",
                 "feat_extract_activation":"gelu","conv_bias":true,"conv_dim":[16,16,16,16,16,16,16],
                 "conv_kernel":[10,3,3,3,3,2,2],"conv_stride":[5,2,2,2,2,2,2],"num_conv_pos_embeddings":8,
                 "num_conv_pos_embedding_groups":4,"do_stable_layer_norm":true,"layer_norm_eps":1e-5,"vocab_size":7}
                """);
        Files.writeString(
                directory.resolve("preprocessor_config.json"), "{\"do_normalize\":false,\"sampling_rate\":16000}");
        SeededSpeechModel model = new SeededSpeechModel();
        model.addAll();
        SafetensorsWriter.write(directory.resolve("model.safetensors"), model.tensors);
    }

    private void addAll() {
        String model = "wav2vec2.";
        int inputs = 1;
        for (int layer = 0; layer < KERNELS.length; layer++) {
            String module = model + "feature_extractor.conv_layers." + layer;
            add(module + ".conv.weight", CHANNELS, inputs, KERNELS[layer]);
            add(module + ".conv.bias", CHANNELS);
            norm(module + ".layer_norm", CHANNELS);
            inputs = CHANNELS;
        }
        norm(model + "feature_projection.layer_norm", CHANNELS);
        linear(model + "feature_projection.projection", WIDTH, CHANNELS);
        String position = model + "encoder.pos_conv_embed.conv";
        add(position + ".parametrizations.weight.original0", 1, 1, POSITION_KERNEL);
        add(position + ".parametrizations.weight.original1", WIDTH, WIDTH / 4, POSITION_KERNEL);
        add(position + ".bias", WIDTH);
        norm(model + "encoder.layer_norm", WIDTH);
        for (int layer = 0; layer < LAYERS; layer++) {
            String module = model + "encoder.layers." + layer;
            for (String part : new String[] {"q_proj", "k_proj", "v_proj", "out_proj"}) {
                linear(module + ".attention." + part, WIDTH, WIDTH);
            }
            norm(module + ".layer_norm", WIDTH);
            linear(module + ".feed_forward.intermediate_dense", HIDDEN, WIDTH);
            linear(module + ".feed_forward.output_dense", WIDTH, HIDDEN);
            norm(module + ".final_layer_norm", WIDTH);
        }
        linear("lm_head", LABELS, WIDTH);
    }

    private void linear(String module, int outputs, int inputs) {
        add(module + ".weight", outputs, inputs);
        add(module + ".bias", outputs);
    }

    private void norm(String module, int width) {
        add(module + ".weight", width);
        add(module + ".bias", width);
    }

    private void add(String name, long... shape) {
        int count = (int) LongStream.of(shape).reduce(1, (a, b) -> a * b);
        double deviation = 1 / Math.sqrt((double) count / shape[0]);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (random.nextGaussian() * deviation);
        }
        tensors.add(StoredTensor.ofFloats(name, LongStream.of(shape).boxed().toList(), values));
    }
}
