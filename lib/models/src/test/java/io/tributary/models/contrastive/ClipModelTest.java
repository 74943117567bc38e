package io.tributary.models.contrastive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tributary.checkpoints.HuggingFaceCheckpoint;
import io.tributary.checkpoints.SafetensorsWriter;
import io.tributary.checkpoints.StoredTensor;
import io.tributary.kernels.WorkPool;
import io.tributary.models.Golden;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClipModelTest {
    @TempDir
    Path directory;

    /** The golden's weights under the names that OpenAI gave them, queries, keys and values in one matrix. */
    private void writeOpenAi(Golden golden) throws IOException {
        Map<String, StoredTensor> weights = new LinkedHashMap<>();
        golden.weights(ClipModelTest::openAiName).forEach(tensor -> weights.put(tensor.name(), tensor));
        List<StoredTensor> written = new ArrayList<>();
        for (StoredTensor tensor : weights.values()) {
            if (tensor.name().contains("attn.q.")) {
                written.add(joined(tensor, weights));
            } else if (tensor.name().endsWith("proj") || tensor.name().equals("text_projection")) {
                written.add(transposed(tensor));
            } else if (!tensor.name().contains("attn.k.") && !tensor.name().contains("attn.v.")) {
                written.add(tensor);
            }
        }
        Files.copy(golden.directory().resolve("config.json"), directory.resolve("config.json"));
        SafetensorsWriter.write(directory.resolve("model.safetensors"), written);
    }

    private static String openAiName(String name) {
        return name.replaceAll("^vision_model\\.(embeddings\\.)?", "visual.")
                .replaceAll("^text_model\\.(embeddings\\.)?", "")
                .replace("encoder.layers", "transformer.resblocks")
                .replaceAll("self_attn\\.([qkv])_proj", "attn.$1")
                .replace("self_attn.out_proj", "attn.out_proj")
                .replace("layer_norm", "ln_")
                .replace("mlp.fc1", "mlp.c_fc")
                .replace("mlp.fc2", "mlp.c_proj")
                .replace("patch_embedding", "conv1")
                .replace("position_embedding.weight", "positional_embedding")
                .replace("pre_layrnorm", "ln_pre")
                .replace("post_layernorm", "ln_post")
                .replace("final_ln_", "ln_final")
                .replace("visual_projection.weight", "visual.proj")
                .replace("text_projection.weight", "text_projection");
    }

    private static StoredTensor joined(StoredTensor query, Map<String, StoredTensor> weights) {
        float[] all = {};
        for (String part : List.of("q", "k", "v")) {
            String name = query.name().replace("attn.q.", "attn." + part + ".");
            StoredTensor tensor = Objects.requireNonNull(weights.get(name), name);
            float[] values = tensor.data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
            all = Arrays.copyOf(all, all.length + values.length);
            System.arraycopy(values, 0, all, all.length - values.length, values.length);
        }
        List<Long> shape = new ArrayList<>(query.shape());
        shape.set(0, 3 * shape.getFirst());
        return StoredTensor.ofFloats(query.name().replace("attn.q.", "attn.in_proj_"), shape, all);
    }

    private static StoredTensor transposed(StoredTensor tensor) {
        int rows = Math.toIntExact(tensor.shape().get(0));
        int columns = Math.toIntExact(tensor.shape().get(1));
        float[] values = tensor.data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
        float[] turned = new float[values.length];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                turned[column * rows + row] = values[row * columns + column];
            }
        }
        return StoredTensor.ofFloats(tensor.name(), List.of((long) columns, (long) rows), turned);
    }

    @Test
    void weightsUnderOpenAisNamesGiveTheSameBits() throws IOException {
        try (Golden golden = new Golden("clip")) {
            writeOpenAi(golden);
            int[] ids = Arrays.copyOf(golden.inputIds("input_ids"), 20);
            float[] image = Arrays.copyOf(golden.inputFloats("pixel_values"), 3 * 32 * 32);
            try (WorkPool pool = new WorkPool(2);
                    HuggingFaceCheckpoint one = HuggingFaceCheckpoint.open(golden.directory());
                    HuggingFaceCheckpoint other = HuggingFaceCheckpoint.open(directory);
                    ClipModel expected = ClipModel.load(one, pool);
                    ClipModel actual = ClipModel.load(other, pool)) {
                assertThat(other.tensorNames()).contains("visual.transformer.resblocks.0.attn.in_proj_weight");
                assertThat(actual.embedImages(List.of(image)).getFirst())
                        .isEqualTo(expected.embedImages(List.of(image)).getFirst());
                assertThat(actual.embedTexts(List.of(ids), false).getFirst())
                        .isEqualTo(expected.embedTexts(List.of(ids), false).getFirst());
                assertThat(actual.scores()).isEqualTo(expected.scores());
            }
        }
    }

    @Test
    void whatDoesNotFitTheModelIsRefusedAndItGoesOn() {
        try (Golden golden = new Golden("clip");
                WorkPool pool = new WorkPool(1);
                HuggingFaceCheckpoint checkpoint = HuggingFaceCheckpoint.open(golden.directory());
                ClipModel model = ClipModel.load(checkpoint, pool)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.embedImages(List.of(new float[3 * 64 * 64])))
                    .withMessageContaining("12288 pixel values")
                    .withMessageContaining("3 x 32 x 32");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.embedTexts(List.of(new int[] {198, 200, 199}), false))
                    .withMessageContaining("200")
                    .withMessageContaining("0 to 199");
            int[] longText = new int[31];
            Arrays.fill(longText, 5);
            longText[30] = 199;
            assertThatExceptionOfType(TextTooLongException.class)
                    .isThrownBy(() -> model.embedTexts(List.of(longText), false))
                    .withMessageContaining("31 tokens");
            int[] cut = Arrays.copyOf(longText, 20);
            cut[19] = 199;
            assertThat(model.embedTexts(List.of(longText), true).getFirst())
                    .isEqualTo(model.embedTexts(List.of(cut), false).getFirst());
            assertThat(model.embedTexts(List.of(), false)).isEmpty();
            assertThat(model.embedImages(List.of())).isEmpty();
        }
    }
}
