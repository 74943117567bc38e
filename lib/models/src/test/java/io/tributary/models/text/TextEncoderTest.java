package io.tributary.models.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import io.tributary.checkpoints.HuggingFaceCheckpoint;
import io.tributary.kernels.FloatMatrix;
import io.tributary.kernels.WorkPool;
import io.tributary.models.EncoderLimits;
import io.tributary.models.Golden;
import io.tributary.models.architecture.BertArchitecture;
import io.tributary.models.architecture.UnsupportedArchitectureException;
import io.tributary.models.packing.PackingCache;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextEncoderTest {
    private static final Pooling MEAN = new Pooling(Pooling.Form.MEAN, false);
    private static final EncoderLimits LIMITS = new EncoderLimits(400, 20);

    private final Golden golden = new Golden("bert");
    private final HuggingFaceCheckpoint checkpoint = HuggingFaceCheckpoint.open(golden.directory());

    @AfterEach
    void close() {
        checkpoint.close();
        golden.close();
    }

    private TextEncoder encoder(Pooling pooling, WorkPool pool) {
        return new TextEncoder(
                checkpoint, BertArchitecture.read(checkpoint), pooling, pool, LIMITS, PackingCache.off());
    }

    @Test
    void hiddenStatesOfAllLayersAreThoseOfTheReference() {
        List<float[]> hidden = new ArrayList<>();
        try (WorkPool pool = new WorkPool(2);
                TextEncoder encoder = encoder(MEAN, pool)) {
            encoder.encode(goldenTexts(), (layers, states) -> hidden.add(layers, values(states)));
        }

        assertClose(hidden.get(0), "embeddings.output");
        for (int layer = 0; layer < 3; layer++) {
            assertClose(hidden.get(layer + 1), "encoder.layer." + layer + ".output");
        }
        assertClose(hidden.get(3), "last_hidden_state");
    }

    @Test
    void embeddingsAreThoseOfTheReferenceForEachPooling() {
        assertThat(embeddings(MEAN)).containsExactly(golden.floats("mean_pooled"), tolerance("mean_pooled"));
        assertThat(embeddings(new Pooling(Pooling.Form.POOLER, false)))
                .containsExactly(golden.floats("pooler_output"), tolerance("pooler_output"));
        assertThat(embeddings(Pooling.DEFAULT))
                .containsExactly(golden.floats("sentence_embedding"), tolerance("sentence_embedding"));
        float[] first = Arrays.copyOf(golden.floats("last_hidden_state"), 64);
        assertThat(Arrays.copyOf(embeddings(new Pooling(Pooling.Form.CLS, false)), 64))
                .containsExactly(first, tolerance("last_hidden_state"));
    }

    @Test
    void aTextHasTheSameBitsAloneAndInAnyCompanyOnAnyThreads() {
        SplittableRandom random = new SplittableRandom(71);
        List<TokenizedText> texts = new ArrayList<>();
        for (int length : new int[] {1, 2, 17, 63, 64, 33, 5, 64, 16}) {
            texts.add(TokenizedText.of(random.ints(length, 0, 300).toArray()));
        }
        try (WorkPool one = new WorkPool(1);
                WorkPool three = new WorkPool(3);
                TextEncoder alone = encoder(Pooling.DEFAULT, one);
                TextEncoder together = encoder(Pooling.DEFAULT, three)) {
            float[] batch = values(together.encode(texts));

            for (int text = 0; text < texts.size(); text++) {
                float[] single = values(alone.encode(List.of(texts.get(text))));
                assertThat(single).as("text %d", text).isEqualTo(row(batch, text));
            }
        }
    }

    @Test
    void tokensThatCannotBeEncodedAreNamed() {
        try (WorkPool pool = new WorkPool(1);
                TextEncoder encoder = encoder(MEAN, pool)) {
            assertThat(encoder.maximalTokens()).isEqualTo(64);
            assertThatThrownBy(() -> encoder.encode(List.of(TokenizedText.of(1), TokenizedText.of())))
                    .isInstanceOf(TokensException.class)
                    .hasMessage("text 1 cannot be encoded: it has 0 tokens; there must be 1 to 64");
            assertThatThrownBy(() -> encoder.encode(List.of(TokenizedText.of(new int[65]))))
                    .hasMessageContaining("it has 65 tokens; there must be 1 to 64");
            assertThatThrownBy(() -> encoder.encode(List.of(TokenizedText.of(1, 300))))
                    .hasMessageContaining("the token id at position 1 is 300 but must be 0 to 299");
            assertThatThrownBy(() -> encoder.encode(IntStream.range(0, 7)
                            .mapToObj(index -> TokenizedText.of(new int[64]))
                            .toList()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("448 tokens in a batch of at most 400");
            assertThatThrownBy(() -> encoder.encode(Collections.nCopies(21, TokenizedText.of(1))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("21 sequences in a batch of at most 20");
        }
    }

    @Test
    void poolingIsThatOfTheModulesOfTheDirectory(@TempDir Path directory) throws Exception {
        assertThat(Pooling.of(directory)).isEqualTo(Pooling.DEFAULT);
        Files.createDirectory(directory.resolve("1_Pooling"));
        Files.writeString(
                directory.resolve("1_Pooling/config.json"),
                "{\"pooling_mode_cls_token\": true, \"pooling_mode_mean_tokens\": false}");
        String modules = """
                [{"path": "", "type": "sentence_transformers.models.Transformer"},
                 {"path": "%s", "type": "sentence_transformers.models.Pooling"}]""";
        Files.writeString(directory.resolve("modules.json"), modules.formatted("1_Pooling"));
        assertThat(Pooling.of(directory)).isEqualTo(new Pooling(Pooling.Form.CLS, false));

        Files.writeString(directory.resolve("modules.json"), modules.formatted("../elsewhere"));
        assertThatThrownBy(() -> Pooling.of(directory)).hasMessageContaining("a pooling module at ../elsewhere");
        Files.writeString(directory.resolve("1_Pooling/config.json"), "{\"pooling_mode_max_tokens\": true}");
        Files.writeString(directory.resolve("modules.json"), modules.formatted("1_Pooling"));
        assertThatThrownBy(() -> Pooling.of(directory)).hasMessageContaining("pooling_mode_max_tokens");
    }

    @Test
    void aModuleBehindThePoolingThatIsNotComputedIsRefused(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("modules.json"), """
                [{"path": "", "type": "sentence_transformers.models.Transformer"},
                 {"path": "2_Dense", "type": "sentence_transformers.models.Dense"}]""");

        assertThatThrownBy(() -> Pooling.of(directory))
                .isInstanceOf(UnsupportedArchitectureException.class)
                .hasMessageContaining("the module sentence_transformers.models.Dense");
    }

    private float[] embeddings(Pooling pooling) {
        try (WorkPool pool = new WorkPool(1);
                TextEncoder encoder = encoder(pooling, pool)) {
            return values(encoder.encode(goldenTexts()));
        }
    }

    /** The rows of the reference without what fills them up. */
    private List<TokenizedText> goldenTexts() {
        int[] ids = golden.inputIds("input_ids");
        int[] mask = golden.inputIds("attention_mask");
        int[] segments = golden.inputIds("token_type_ids");
        List<TokenizedText> texts = new ArrayList<>();
        for (int row = 0; row < 3; row++) {
            int length = Arrays.stream(mask, row * 19, row * 19 + 19).sum();
            int second = Arrays.stream(segments, row * 19, row * 19 + length).sum();
            texts.add(new TokenizedText(Arrays.copyOfRange(ids, row * 19, row * 19 + length), length - second));
        }
        return texts;
    }

    /** Compares hidden states of rows without padding with those of padded ones. */
    private void assertClose(float[] actual, String name) {
        float[] padded = golden.floats(name);
        int[] mask = golden.inputIds("attention_mask");
        int row = 0;
        for (int position = 0; position < mask.length; position++) {
            if (mask[position] == 1) {
                float[] expected = Arrays.copyOfRange(padded, position * 64, position * 64 + 64);
                assertThat(row(actual, row))
                        .as("%s, position %d", name, position)
                        .containsExactly(expected, tolerance(name));
                row++;
            }
        }
        assertThat(actual).hasSize(row * 64);
    }

    private Offset<Float> tolerance(String name) {
        return offset(golden.tolerance(name));
    }

    private static float[] row(float[] rows, int row) {
        return Arrays.copyOfRange(rows, row * 64, row * 64 + 64);
    }

    private static float[] values(FloatMatrix matrix) {
        return matrix.data()
                .asSlice(0, (long) matrix.rows() * matrix.columns() * Float.BYTES)
                .toArray(ValueLayout.JAVA_FLOAT);
    }
}
