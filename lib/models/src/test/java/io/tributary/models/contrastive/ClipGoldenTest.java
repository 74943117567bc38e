package io.tributary.models.contrastive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import io.tributary.checkpoints.HuggingFaceCheckpoint;
import io.tributary.kernels.WorkPool;
import io.tributary.models.EncoderLimits;
import io.tributary.models.Golden;
import io.tributary.models.vision.ImageFeatures;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClipGoldenTest {
    private static final int IMAGES = 3;
    private static final int TEXTS = 3;

    private final Golden golden = new Golden("clip");
    private final WorkPool pool = new WorkPool(2);
    private final HuggingFaceCheckpoint checkpoint = HuggingFaceCheckpoint.open(golden.directory());
    private final ClipModel model = ClipModel.load(checkpoint, pool);

    @AfterAll
    void close() {
        model.close();
        checkpoint.close();
        pool.close();
        golden.close();
    }

    private List<float[]> pixelValues() {
        float[] all = golden.inputFloats("pixel_values");
        int size = all.length / IMAGES;
        return IntStream.range(0, IMAGES)
                .mapToObj(image -> Arrays.copyOfRange(all, image * size, (image + 1) * size))
                .toList();
    }

    /** Of equal length, as padding follows the end. */
    private List<int[]> texts() {
        int[] all = golden.inputIds("input_ids");
        int length = all.length / TEXTS;
        return IntStream.range(0, TEXTS)
                .mapToObj(text -> Arrays.copyOfRange(all, text * length, (text + 1) * length))
                .toList();
    }

    private void assertEquals(String tensor, float[] actual) {
        assertThat(actual).as(tensor).containsExactly(golden.floats(tensor), offset(golden.tolerance(tensor)));
    }

    private static float[] joined(List<float[]> parts) {
        int length = parts.stream().mapToInt(part -> part.length).sum();
        float[] all = new float[length];
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    @Test
    void everyLayerOfTheImagesTowerEqualsThatOfTransformers() {
        List<ImageFeatures> features = model.images().encode(pixelValues(), true);
        List<String> states = List.of(
                "vision.pre_layrnorm.output",
                "vision.layers.0.output",
                "vision.layers.1.output",
                "vision.layers.2.output");
        for (int state = 0; state < states.size(); state++) {
            int index = state;
            assertEquals(
                    states.get(state),
                    joined(features.stream()
                            .map(image -> image.hiddenStates().get(index))
                            .toList()));
        }
        assertEquals(
                "vision.post_layernorm.output",
                joined(features.stream().map(ImageFeatures::pooled).toList()));
    }

    /** Only what comes before the end of a text is computed: the reference has all rows, which see no later ones. */
    @Test
    void everyLayerOfTheTextsTowerEqualsThatOfTransformers() {
        for (int text = 0; text < TEXTS; text++) {
            int[] ids = texts().get(text);
            List<float[]> states = new ArrayList<>();
            model.embedTexts(
                    List.of(ids),
                    false,
                    (layers, hidden) -> states.add(hidden.data().toArray(ValueLayout.JAVA_FLOAT)));
            assertThat(states).hasSize(3);
            for (int layer = 0; layer < states.size(); layer++) {
                String tensor = layer == 0 ? "text.embeddings.output" : "text.layers." + (layer - 1) + ".output";
                float[] expected = golden.floats(tensor);
                int start = text * expected.length / TEXTS;
                assertThat(states.get(layer))
                        .as("%s, text %d", tensor, text)
                        .containsExactly(
                                Arrays.copyOfRange(expected, start, start + states.get(layer).length),
                                offset(golden.tolerance(tensor)));
            }
        }
    }

    @Test
    void embeddingsAndScoresEqualThoseOfTransformers() {
        List<float[]> images = model.embedImages(pixelValues());
        List<float[]> texts = model.embedTexts(texts(), false);
        assertEquals("image_embeds", joined(images));
        assertEquals("text_embeds", joined(texts));
        assertEquals("text_embeds_without_attention_mask", joined(texts));
        ContrastiveScores scores = model.scores();
        assertEquals(
                "logits_per_image",
                joined(images.stream().map(image -> scores.logits(image, texts)).toList()));
        assertEquals(
                "logits_per_text",
                joined(texts.stream().map(text -> scores.logits(text, images)).toList()));
        assertEquals(
                "probs_per_image",
                joined(images.stream()
                        .map(image -> scores.probabilities(image, texts))
                        .toList()));
    }

    @Test
    void aBatchGivesTheBitsOfOneByOneWhateverTheThreadsAndLimits() {
        List<float[]> images = new ArrayList<>();
        List<int[]> texts = new ArrayList<>();
        for (int copy = 0; copy < 11; copy++) {
            images.addAll(pixelValues());
            texts.addAll(texts());
            texts.add(Arrays.copyOf(texts().getFirst(), 1 + copy));
        }
        Collections.rotate(images, 1);
        List<float[]> batchOfImages = model.embedImages(images);
        List<float[]> batchOfTexts = model.embedTexts(texts, false);
        try (WorkPool one = new WorkPool(1);
                ClipModel small = ClipModel.load(checkpoint, one, new EncoderLimits(40, 2))) {
            for (int index = 0; index < images.size(); index++) {
                assertThat(small.embedImages(List.of(images.get(index))).getFirst())
                        .as("image %d", index)
                        .isEqualTo(batchOfImages.get(index));
            }
            for (int index = 0; index < texts.size(); index++) {
                assertThat(small.embedTexts(List.of(texts.get(index)), false).getFirst())
                        .as("text %d", index)
                        .isEqualTo(batchOfTexts.get(index));
            }
            assertThat(joined(small.embedImages(images))).isEqualTo(joined(batchOfImages));
            assertThat(joined(small.embedTexts(texts, false))).isEqualTo(joined(batchOfTexts));
        }
    }
}
