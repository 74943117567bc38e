package io.tributary.models.contrastive;

import io.tributary.checkpoints.SafetensorsWriter;
import io.tributary.checkpoints.StoredTensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * CLIP with weights that are written by hand, for pictures of a coloured, striped square on grey. Each feature is a pair of
 * channels, x and -x, so that a layer norm finds a mean of 0.
 *
 * <p>Pictures: the filters of the patch embedding give the mean of each colour and the response to waves along both axes in
 * two phases; the first layer rectifies the waves and takes the difference of both directions; in the second layer the class
 * token takes the mean of all patches. Texts: each word lies on the axis of what it means, and the end of the text takes the
 * mean of all words.
 */
final class ProgrammedTowers {
    static final int SIDE = 32;
    static final int BEGIN = 0;
    static final int END = 7;
    /** Red, green, blue, and yellow, as signs of the three colours. */
    static final int[][] HUES = {{1, -1, -1}, {-1, 1, -1}, {-1, -1, 1}, {1, 1, -1}};

    static final int DIRECTIONS = 2;
    static final double PERIOD = 4;

    private static final int PATCH = 8;
    private static final int COLOURS = 3;
    private static final int DIRECTION = 3;
    private static final int WAVES = 4;
    private static final int PHASES = 2;
    private static final int CONSTANT = WAVES + DIRECTIONS * PHASES;
    private static final int FEATURES = CONSTANT + 1;
    private static final int WIDTH = 2 * FEATURES + 2;
    private static final int HIDDEN = 2 * DIRECTIONS * PHASES;
    private static final int AXES = 4;
    private static final int WORDS = 8;
    private static final int POSITIONS = 6;
    private static final int POSITIONS_OF_PATCHES = SIDE / PATCH * (SIDE / PATCH) + 1;

    private final List<StoredTensor> tensors = new ArrayList<>();

    private ProgrammedTowers() {}

    /** Writes the checkpoint to a directory. */
    static void write(Path directory) {
        ProgrammedTowers towers = new ProgrammedTowers();
        towers.vision();
        towers.text();
        towers.add("logit_scale", List.of(), (float) Math.log(100));
        SafetensorsWriter.write(directory.resolve("model.safetensors"), towers.tensors);
        String tower = """
                {"hidden_size": %d, "intermediate_size": %d, "num_hidden_layers": 2, "num_attention_heads": 2,
                 "hidden_act": "quick_gelu", "image_size": %d, "patch_size": %d, "vocab_size": %d,
                 "max_position_embeddings": %d, "eos_token_id": %d, "projection_dim": %d}
                """.formatted(WIDTH, HIDDEN, SIDE, PATCH, WORDS, POSITIONS, END, AXES);
        try {
            Files.writeString(
                    directory.resolve("config.json"),
                    "{\"architectures\": [\"CLIPModel\"], \"model_type\": \"clip\", \"projection_dim\": " + AXES
                            + ", \"text_config\": " + tower + ", \"vision_config\": " + tower + "}");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The text "a HUE DIRECTION". */
    static int[] text(int hue, int direction) {
        return new int[] {BEGIN, 1 + hue, 1 + HUES.length + direction, END};
    }

    private void vision() {
        float[] filters = new float[WIDTH * COLOURS * PATCH * PATCH];
        for (int channel = 0; channel < COLOURS; channel++) {
            for (int pixel = 0; pixel < PATCH * PATCH; pixel++) {
                int at = channel * PATCH * PATCH + pixel;
                pair(filters, channel, COLOURS * PATCH * PATCH, at, 1.0 / (PATCH * PATCH));
                for (int wave = 0; wave < DIRECTIONS * PHASES; wave++) {
                    int along = wave < PHASES ? pixel / PATCH : pixel % PATCH;
                    double angle = 2 * Math.PI * (along / PERIOD + wave % PHASES / 4.0);
                    pair(filters, WAVES + wave, COLOURS * PATCH * PATCH, at, 6 * Math.sin(angle) / (PATCH * PATCH));
                }
            }
        }
        String tower = "vision_model.";
        add(
                tower + "embeddings.patch_embedding.weight",
                List.of((long) WIDTH, 3L, (long) PATCH, (long) PATCH),
                filters);
        float[] constant = new float[WIDTH];
        pair(constant, CONSTANT, 1, 0, 1);
        add(tower + "embeddings.class_embedding", List.of((long) WIDTH), constant);
        matrix(
                tower + "embeddings.position_embedding",
                POSITIONS_OF_PATCHES,
                WIDTH,
                new float[POSITIONS_OF_PATCHES * WIDTH]);
        norm(tower + "pre_layrnorm");
        norm(tower + "post_layernorm");
        attention(tower, 0, false);
        rectifier(tower, 0);
        attention(tower, 1, true);
        feedForward(tower, 1, new float[HIDDEN * WIDTH], new float[WIDTH * HIDDEN]);
        matrix("visual_projection", AXES, WIDTH, axes());
    }

    private void text() {
        float[] words = new float[WORDS * WIDTH];
        for (int hue = 0; hue < HUES.length; hue++) {
            for (int colour = 0; colour < COLOURS; colour++) {
                pair(words, colour, 1, (1 + hue) * WIDTH, HUES[hue][colour]);
            }
        }
        for (int direction = 0; direction < DIRECTIONS; direction++) {
            pair(words, DIRECTION, 1, (1 + HUES.length + direction) * WIDTH, direction == 0 ? 1 : -1);
        }
        pair(words, CONSTANT, 1, BEGIN * WIDTH, 1);
        pair(words, CONSTANT, 1, END * WIDTH, 1);
        String tower = "text_model.";
        matrix(tower + "embeddings.token_embedding", WORDS, WIDTH, words);
        matrix(tower + "embeddings.position_embedding", POSITIONS, WIDTH, new float[POSITIONS * WIDTH]);
        norm(tower + "final_layer_norm");
        for (int layer = 0; layer < 2; layer++) {
            attention(tower, layer, layer == 1);
            feedForward(tower, layer, new float[HIDDEN * WIDTH], new float[WIDTH * HIDDEN]);
        }
        matrix("text_projection", AXES, WIDTH, axes());
    }

    /** The first layer adds what waves of one direction have more than those of the other. */
    private void rectifier(String tower, int layer) {
        float[] inner = new float[HIDDEN * WIDTH];
        float[] outer = new float[WIDTH * HIDDEN];
        for (int unit = 0; unit < HIDDEN; unit++) {
            int wave = unit / 2;
            inner[unit * WIDTH + 2 * (WAVES + wave) + unit % 2] = 4;
            float sign = wave < PHASES ? 1 : -1;
            outer[2 * DIRECTION * HIDDEN + unit] = sign;
            outer[(2 * DIRECTION + 1) * HIDDEN + unit] = -sign;
        }
        feedForward(tower, layer, inner, outer);
    }

    /** Without queries and keys all positions weigh the same. */
    private void attention(String tower, int layer, boolean mixes) {
        float[] copies = new float[WIDTH * WIDTH];
        for (int feature = 0; mixes && feature < 2 * WAVES; feature++) {
            copies[feature * WIDTH + feature] = 8;
        }
        String prefix = tower + "encoder.layers." + layer + ".self_attn.";
        biased(prefix + "q_proj", WIDTH, WIDTH, new float[WIDTH * WIDTH]);
        biased(prefix + "k_proj", WIDTH, WIDTH, new float[WIDTH * WIDTH]);
        biased(prefix + "v_proj", WIDTH, WIDTH, copies);
        biased(prefix + "out_proj", WIDTH, WIDTH, copies);
    }

    private void feedForward(String tower, int layer, float[] inner, float[] outer) {
        String prefix = tower + "encoder.layers." + layer + ".";
        biased(prefix + "mlp.fc1", HIDDEN, WIDTH, inner);
        biased(prefix + "mlp.fc2", WIDTH, HIDDEN, outer);
        norm(prefix + "layer_norm1");
        norm(prefix + "layer_norm2");
    }

    /** Colours and direction, the axes that pictures and texts share. */
    private static float[] axes() {
        float[] axes = new float[AXES * WIDTH];
        for (int axis = 0; axis < AXES; axis++) {
            pair(axes, axis, 1, axis * WIDTH, 1);
        }
        return axes;
    }

    private static void pair(float[] values, int feature, int stride, int at, double value) {
        values[2 * feature * stride + at] = (float) value;
        values[(2 * feature + 1) * stride + at] = (float) -value;
    }

    private void norm(String name) {
        float[] ones = new float[WIDTH];
        Arrays.fill(ones, 1);
        add(name + ".weight", List.of((long) WIDTH), ones);
        add(name + ".bias", List.of((long) WIDTH), new float[WIDTH]);
    }

    private void biased(String name, int outputs, int inputs, float[] weights) {
        matrix(name, outputs, inputs, weights);
        add(name + ".bias", List.of((long) outputs), new float[outputs]);
    }

    private void matrix(String name, long outputs, long inputs, float[] weights) {
        add(name + ".weight", List.of(outputs, inputs), weights);
    }

    private void add(String name, List<Long> shape, float... values) {
        tensors.add(StoredTensor.ofFloats(name, shape, values));
    }
}
