package io.tributary.models.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.offset;

import io.tributary.checkpoints.HuggingFaceCheckpoint;
import io.tributary.checkpoints.SafetensorsWriter;
import io.tributary.checkpoints.StoredTensor;
import io.tributary.kernels.WorkPool;
import io.tributary.models.Golden;
import io.tributary.models.NonFiniteEncodingException;
import io.tributary.models.architecture.ArchitectureException;
import io.tributary.models.architecture.ImageTransformer;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageEncoderTest {
    private static final long SEED = 41;

    @TempDir
    Path directory;

    private void write(String prefix, NaiveVit vit, String field, String change) throws IOException {
        String configuration = """
                {"architectures": ["ViTModel"], "hidden_size": %d, "intermediate_size": %d, "num_hidden_layers": %d,
                 "num_attention_heads": %d, "image_size": %d, "patch_size": %d}
                """.formatted(
                NaiveVit.WIDTH, NaiveVit.HIDDEN, NaiveVit.LAYERS, NaiveVit.HEADS, NaiveVit.SIDE, NaiveVit.PATCH);
        Files.writeString(directory.resolve("config.json"), configuration.replace(field, change));
        List<StoredTensor> tensors = vit.tensors().stream()
                .map(tensor -> StoredTensor.ofFloats(
                        prefix + tensor.name(),
                        tensor.shape(),
                        tensor.data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED)))
                .toList();
        SafetensorsWriter.write(directory.resolve("model.safetensors"), tensors);
    }

    private static float[] image(SplittableRandom random) {
        float[] image = new float[3 * NaiveVit.SIDE * NaiveVit.SIDE];
        for (int index = 0; index < image.length; index++) {
            image[index] = (float) random.nextDouble(-1, 1);
        }
        return image;
    }

    private static float[] floats(double[][] rows) {
        float[] all = new float[rows.length * rows[0].length];
        for (int index = 0; index < all.length; index++) {
            all[index] = (float) rows[index / rows[0].length][index % rows[0].length];
        }
        return all;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "vit."})
    void aVisionTransformerComputesWhatItsDefinitionSays(String prefix) throws IOException {
        NaiveVit vit = new NaiveVit(SEED);
        write(prefix, vit, "{", "{");
        SplittableRandom random = new SplittableRandom(SEED);
        List<float[]> images = List.of(image(random), image(random), image(random));
        try (HuggingFaceCheckpoint checkpoint = HuggingFaceCheckpoint.open(directory);
                WorkPool pool = new WorkPool(2);
                ImageEncoder encoder = ImageEncoder.loadVit(checkpoint, pool, 2)) {
            List<ImageFeatures> features = encoder.encode(images, true);
            for (int index = 0; index < images.size(); index++) {
                List<double[][]> expected = vit.states(images.get(index));
                List<float[]> states = features.get(index).hiddenStates();
                assertThat(states).hasSize(1 + NaiveVit.LAYERS);
                for (int state = 0; state < states.size(); state++) {
                    assertThat(states.get(state))
                            .as("image %d, state %d, seed %d", index, state, SEED)
                            .containsExactly(floats(expected.get(state)), offset(2e-5f));
                }
                float[] last = floats(expected.getLast());
                assertThat(features.get(index).pooled())
                        .containsExactly(Arrays.copyOf(last, NaiveVit.WIDTH), offset(2e-5f));
            }
        }
    }

    @Test
    void anImageWithoutNumbersIsNamed() throws IOException {
        write("", new NaiveVit(SEED), "{", "{");
        float[] broken = image(new SplittableRandom(SEED));
        broken[7] = Float.NaN;
        try (HuggingFaceCheckpoint checkpoint = HuggingFaceCheckpoint.open(directory);
                WorkPool pool = new WorkPool(1);
                ImageEncoder encoder = ImageEncoder.loadVit(checkpoint, pool, 2)) {
            assertThatExceptionOfType(NonFiniteEncodingException.class)
                    .isThrownBy(() -> encoder.encode(List.of(broken), false));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> encoder.encode(List.of(new float[5]), false))
                    .withMessageContaining("5 pixel values where the model reads 3 x 12 x 12");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"patch_size\": 4| \"patch_size\": 5| patch_size is 5",
                "\"image_size\"| \"hidden_act\": \"relu\", \"image_size\"| hidden_act relu",
                "\"num_attention_heads\": 3| \"num_attention_heads\": 5| multiple of the number of heads, 5",
                "\"image_size\"| \"qkv_bias\": false, \"image_size\"| qkv_bias false"
            })
    void aConfigurationThatIsNotComputedIsRefused(String field, String change, String fault) throws IOException {
        write("", new NaiveVit(SEED), field, change);
        try (HuggingFaceCheckpoint checkpoint = HuggingFaceCheckpoint.open(directory)) {
            assertThatExceptionOfType(ArchitectureException.class)
                    .isThrownBy(() -> ImageTransformer.readVit(checkpoint))
                    .withMessageContaining(fault);
        }
    }

    @Test
    void theTowerOfLlavaGivesTheHiddenStatesOfTransformers() {
        String tensor = "vision.hidden_states.-2";
        try (Golden golden = new Golden("llava");
                HuggingFaceCheckpoint checkpoint = HuggingFaceCheckpoint.open(golden.directory());
                WorkPool pool = new WorkPool(2);
                ImageEncoder encoder = ImageEncoder.load(
                        checkpoint,
                        ImageTransformer.readClip(checkpoint.configuration().path("vision_config")),
                        ImageNaming.clip("vision_tower."),
                        pool,
                        1)) {
            List<float[]> states = encoder.encode(List.of(golden.inputFloats("pixel_values")), true)
                    .getFirst()
                    .hiddenStates();
            assertThat(states.get(states.size() - 2))
                    .containsExactly(golden.floats(tensor), offset(golden.tolerance(tensor)));
        }
    }
}
