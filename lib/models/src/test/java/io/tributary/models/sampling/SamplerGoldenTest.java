package io.tributary.models.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tributary.models.Golden;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SamplerGoldenTest {
    private static final int ROWS = 4;
    private static final int VOCABULARY = 128;
    private static final int HISTORY = 12;

    static Stream<Arguments> processors() {
        return Stream.of(
                Arguments.of("temperature_0.7", parameters(0.7f, 0, 1, 0, 1)),
                Arguments.of("temperature_1.5", parameters(1.5f, 0, 1, 0, 1)),
                Arguments.of("top_k_10", parameters(1, 10, 1, 0, 1)),
                Arguments.of("top_p_0.9", parameters(1, 0, 0.9f, 0, 1)),
                Arguments.of("top_p_0.3", parameters(1, 0, 0.3f, 0, 1)),
                Arguments.of("min_p_0.1", parameters(1, 0, 1, 0.1f, 1)),
                Arguments.of("repetition_penalty_1.3", parameters(1, 0, 1, 0, 1.3f)),
                Arguments.of("repetition_penalty_0.8", parameters(1, 0, 1, 0, 0.8f)),
                Arguments.of("chain_rp1.2_t0.8_k20_p0.85", parameters(0.8f, 20, 0.85f, 0, 1.2f)),
                Arguments.of("chain_t1.2_k40_p0.95_minp0.05", parameters(1.2f, 40, 0.95f, 0.05f, 1)),
                Arguments.of("softmax_only", parameters(1, 0, 1, 0, 1)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("processors")
    void theProbabilitiesEqualThoseOfTransformers(String name, SamplingParameters parameters) {
        try (Golden golden = new Golden("samplers")) {
            float[] logits = golden.inputFloats("logits");
            int[] previous = golden.inputIds("previous_token_ids");
            float[] expected = golden.floats("probs." + name);
            int[] kept = golden.ids("kept." + name);
            Sampler sampler = new Sampler(VOCABULARY);
            for (int row = 0; row < ROWS; row++) {
                TokenHistory history = new TokenHistory();
                for (int index = 0; index < HISTORY; index++) {
                    history.addPrompt(previous[row * HISTORY + index]);
                }
                float[] rowLogits = Arrays.copyOfRange(logits, row * VOCABULARY, (row + 1) * VOCABULARY);
                float[] actual = sampler.probabilities(Logits.of(rowLogits), parameters, history);
                for (int id = 0; id < VOCABULARY; id++) {
                    int index = row * VOCABULARY + id;
                    assertThat(actual[id])
                            .as("row %d, token %d", row, id)
                            .isCloseTo(expected[index], within(golden.tolerance("probs." + name)));
                    assertThat(actual[id] > 0)
                            .as("kept: row %d, token %d", row, id)
                            .isEqualTo(kept[index] == 1);
                }
            }
        }
    }

    private static SamplingParameters parameters(
            float temperature, int topK, float topP, float minP, float repetition) {
        return new SamplingParameters(temperature, topK, topP, minP, repetition, 0, 0, 0, 0);
    }
}
