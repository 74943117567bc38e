package io.tributary.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import io.tributary.kernels.FloatMatrix;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecoderGoldenTest {
    @ParameterizedTest
    @ValueSource(strings = {"llama", "llama_tied_linear_rope_bf16", "mixtral"})
    void logitsOfAWholeSequenceEqualThoseOfTransformers(String name) {
        try (Golden golden = new Golden(name);
                Pipeline pipeline = new Pipeline(golden.directory(), 1, 2)) {
            float[] logits = pipeline.logits(golden.inputIds("input_ids"), 32);
            assertThat(logits).containsExactly(golden.floats("logits"), offset(golden.tolerance("logits")));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "llama_tied_linear_rope_bf16", "mixtral"})
    void logitsTokenByTokenEqualThoseOfTransformers(String name) {
        try (Golden golden = new Golden(name);
                Pipeline pipeline = new Pipeline(golden.directory(), 2, 1)) {
            float[] logits = pipeline.logits(golden.inputIds("input_ids"), 1);
            assertThat(logits)
                    .containsExactly(
                            golden.floats("logits_incremental"), offset(golden.tolerance("logits_incremental")));
        }
    }

    @ParameterizedTest
    @CsvSource({"llama, 8", "llama_tied_linear_rope_bf16, 8", "mixtral, 6"})
    void greedyTokensEqualThoseOfTransformers(String name, int promptTokens) {
        try (Golden golden = new Golden(name);
                Pipeline pipeline = new Pipeline(golden.directory(), 1, 2)) {
            int[] expected = golden.ids("greedy_tokens");
            int[] prompt = Arrays.copyOf(golden.inputIds("input_ids"), promptTokens);
            assertThat(pipeline.greedy(prompt, expected.length)).containsExactly(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "llama_tied_linear_rope_bf16", "mixtral"})
    void everyLayerOutputEqualsThatOfTransformers(String name) {
        try (Golden golden = new Golden(name)) {
            int layers;
            try (Pipeline whole = new Pipeline(golden.directory(), 1, 1)) {
                layers = whole.architecture().layers().size();
            }
            // One stage per layer shows the residual stream behind each of them.
            try (Pipeline pipeline = new Pipeline(golden.directory(), layers, 1);
                    Pipeline.Sequence sequence = pipeline.open(32)) {
                var chunk = new Pipeline.Chunk(sequence, golden.inputIds("input_ids"));
                assertThat(pipeline.run(List.of(chunk), LogitsRows.NONE).getFirst())
                        .isEmpty();
                for (int layer = 0; layer < layers; layer++) {
                    String output = "layers." + layer + ".output";
                    FloatMatrix hidden = pipeline.stage(layer).hidden();
                    assertThat(hidden.data().toArray(ValueLayout.JAVA_FLOAT))
                            .as(output)
                            .containsExactly(golden.floats(output), offset(golden.tolerance(output)));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "llama_tied_linear_rope_bf16", "mixtral"})
    void rowsOfAPaddedBatchEqualTheSequencesWithoutPadding(String name) {
        try (Golden golden = new Golden(name);
                Pipeline pipeline = new Pipeline(golden.directory(), 1, 2)) {
            int[] padded = golden.inputIds("input_ids_left_padded");
            float[] expected = golden.floats("logits_left_padded_batch");
            int length = padded.length / 2;
            int vocabulary = pipeline.architecture().vocabularySize();
            for (int row = 0; row < 2; row++) {
                int[] tokens = Arrays.copyOfRange(padded, row * length, (row + 1) * length);
                int padding = (int)
                        Arrays.stream(tokens).takeWhile(token -> token == 0).count();
                float[] logits = pipeline.logits(Arrays.copyOfRange(tokens, padding, length), length);
                float[] rows = Arrays.copyOfRange(
                        expected, (row * length + padding) * vocabulary, (row + 1) * length * vocabulary);
                assertThat(logits)
                        .as("row %d", row)
                        .containsExactly(rows, offset(golden.tolerance("logits_left_padded_batch")));
            }
        }
    }
}
