package io.tributary.media.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.checkpoints.SafetensorsFile;
import io.tributary.checkpoints.StoredTensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImagePreprocessingTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static Path golden(String name) {
        try {
            return Path.of(Objects.requireNonNull(ImagePreprocessingTest.class.getResource("/goldens/clip/" + name))
                    .toURI());
        } catch (URISyntaxException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Picture picture(StoredTensor tensor) {
        int height = Math.toIntExact(tensor.shape().get(0));
        int width = Math.toIntExact(tensor.shape().get(1));
        return new Picture(width, height, tensor.data().toArray(ValueLayout.JAVA_BYTE));
    }

    private static int[] inBlack(int red, int... size) {
        Picture picture = Picture.black(size[0], size[1]);
        for (int at = 0; at < picture.rgb().length; at += Picture.CHANNELS) {
            picture.rgb()[at] = (byte) red;
        }
        ImagePreprocessing preprocessing = new ImagePreprocessing(
                Optional.empty(),
                Resampling.BICUBIC,
                Optional.of(new TargetSize.Exact(4, 4)),
                new Normalization(1, List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0)));
        float[] values = preprocessing.apply(picture).values();
        return IntStream.range(0, 16).map(index -> (int) values[index]).toArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void goldenPicturesBecomeThePixelValuesOfTransformers(int index) throws IOException {
        ImagePreprocessing preprocessing = PreprocessorConfiguration.read(
                JSON.readTree(golden("preprocessor_config.json").toFile()));
        try (SafetensorsFile inputs = SafetensorsFile.open(golden("inputs.safetensors"))) {
            PixelValues values = preprocessing.apply(picture(inputs.require("image_" + index + "_rgb_u8")));
            float[] all = inputs.require("pixel_values").data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
            int size = 3 * 32 * 32;
            assertThat(values.width()).isEqualTo(32);
            assertThat(values.height()).isEqualTo(32);
            assertThat(values.values()).isEqualTo(Arrays.copyOfRange(all, index * size, (index + 1) * size));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void goldenPicturesAreResizedToTheBytesOfPillow(int index) {
        ImagePreprocessing uncropped = new ImagePreprocessing(
                Optional.of(new TargetSize.ShortestEdge(32)), Resampling.BICUBIC, Optional.empty(), Normalization.CLIP);
        try (SafetensorsFile inputs = SafetensorsFile.open(golden("inputs.safetensors"));
                SafetensorsFile expected = SafetensorsFile.open(golden("expected.safetensors"))) {
            Picture resized = uncropped.crop(picture(inputs.require("image_" + index + "_rgb_u8")));
            Picture reference = picture(expected.require("resized_" + index + "_u8"));
            assertThat(resized.width()).isEqualTo(reference.width());
            assertThat(resized.rgb()).isEqualTo(reference.rgb());
        }
    }

    @Test
    void clipsOwnPreprocessingIsThatOfAFileWithoutFields() {
        assertThat(PreprocessorConfiguration.read(json("{}"))).isEqualTo(ImagePreprocessing.clip(224));
    }

    @Test
    void numbersAreTheOlderFormOfSizes() {
        ImagePreprocessing read = PreprocessorConfiguration.read(
                json("{\"feature_extractor_type\":\"CLIPFeatureExtractor\",\"size\":336,\"crop_size\":320}"));
        assertThat(read.resize()).contains(new TargetSize.ShortestEdge(336));
        assertThat(read.crop()).contains(new TargetSize.Exact(320, 320));
    }

    @Test
    void vitIsResizedToASizeWhateverItsForm() {
        ImagePreprocessing read =
                PreprocessorConfiguration.read(json("{\"image_processor_type\":\"ViTImageProcessor\"}"));
        assertThat(read)
                .isEqualTo(new ImagePreprocessing(
                        Optional.of(new TargetSize.Exact(224, 224)),
                        Resampling.BILINEAR,
                        Optional.empty(),
                        Normalization.SYMMETRIC));
        PixelValues values = read.apply(Picture.black(3, 500));
        assertThat(values.values()).hasSize(3 * 224 * 224).containsOnly(-1);
    }

    @Test
    void whatIsSwitchedOffIsNotDone() {
        ImagePreprocessing read = PreprocessorConfiguration.read(
                json("{\"do_resize\":false,\"do_center_crop\":false,\"do_rescale\":false,\"do_normalize\":false}"));
        PixelValues values = read.apply(new Picture(2, 1, new byte[] {0, 1, 2, (byte) 253, (byte) 254, (byte) 255}));
        assertThat(values.values()).containsExactly(0, 253, 1, 254, 2, 255);
    }

    @Test
    void aPictureSmallerThanTheCropGetsBlackEdges() {
        assertThat(inBlack(9, 2, 6)).containsExactly(0, 9, 9, 0, 0, 9, 9, 0, 0, 9, 9, 0, 0, 9, 9, 0);
        assertThat(inBlack(9, 3, 1)).containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 9, 9, 0, 0, 0, 0);
    }

    @Test
    void aThreadOfPixelsIsCutWithoutBeingResizedWhole() {
        PixelValues values = ImagePreprocessing.clip(224).apply(Picture.black(1, 30_000));
        assertThat(values.values()).hasSize(3 * 224 * 224);
        ImagePreprocessing uncropped = PreprocessorConfiguration.read(json("{\"do_center_crop\":false}"));
        assertThatExceptionOfType(ImageTooLargeException.class)
                .isThrownBy(() -> uncropped.apply(Picture.black(1, 30_000)))
                .withMessageContaining("224 x 6720000");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]| the content is ARRAY",
                "{\"size\":0}| size is 0",
                "{\"size\":{\"shortest_edge\":224,\"longest_edge\":900}}| size is incomplete",
                "{\"size\":{\"height\":224}}| size is incomplete",
                "{\"size\":100000}| size is 100000",
                "{\"crop_size\":\"224\"}| crop_size is incomplete",
                "{\"resample\":0}| resample is 0",
                "{\"resample\":2.5}| resample is 2.5",
                "{\"do_resize\":1}| do_resize is 1",
                "{\"image_mean\":[0.5,0.5]}| image_mean is [0.5,0.5]",
                "{\"image_std\":[1,1,0]}| image_std is [1,1,0]",
                "{\"image_std\":[1,1,\"a\"]}| image_std is \"a\"",
                "{\"rescale_factor\":1e300}| rescale_factor is 1.0E300",
                "{\"image_processor_type\":\"LevitImageProcessor\"}| image_processor_type is \"LevitImageProcessor\""
            })
    void whatIsNotSupportedIsNamed(String configuration, String fault) {
        assertThatExceptionOfType(InvalidPreprocessingException.class)
                .isThrownBy(() -> PreprocessorConfiguration.read(json(configuration)))
                .withMessageStartingWith("preprocessor_config.json: " + fault)
                .withMessageEndingWith("is supported");
    }
}
