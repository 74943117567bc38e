package io.tributary.models.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tributary.checkpoints.SafetensorsFile;
import io.tributary.models.Golden;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SamplerGoldenTest {
    private static final int ROWS = 4;
    private static final int VOCABULARY = 128;
    private static final int HISTORY = 12;

    private static final SamplingParameters UNCHANGED =
            SamplingParameters.greedy().withTemperature(1);
    private static final Truncation ALL = Truncation.keepAll();
    private static final Penalties NONE = Penalties.none();

    private static final Map<String, SamplingParameters> PROCESSORS = Map.ofEntries(
            Map.entry("temperature_0.7", UNCHANGED.withTemperature(0.7f)),
            Map.entry("temperature_1.5", UNCHANGED.withTemperature(1.5f)),
            Map.entry("top_k_10", UNCHANGED.withTruncation(ALL.withTopK(10))),
            Map.entry("top_p_0.9", UNCHANGED.withTruncation(ALL.withTopP(0.9f))),
            Map.entry("top_p_0.3", UNCHANGED.withTruncation(ALL.withTopP(0.3f))),
            Map.entry("min_p_0.1", UNCHANGED.withTruncation(ALL.withMinP(0.1f))),
            Map.entry("typical_p_0.8", UNCHANGED.withTruncation(ALL.withTypicalP(0.8f))),
            Map.entry("epsilon_0.01", UNCHANGED.withTruncation(ALL.withEpsilonCutoff(0.01f))),
            Map.entry("repetition_penalty_1.3", UNCHANGED.withPenalties(NONE.withRepetition(1.3f))),
            Map.entry("repetition_penalty_0.8", UNCHANGED.withPenalties(NONE.withRepetition(0.8f))),
            Map.entry("no_repeat_ngram_2", UNCHANGED.withPenalties(NONE.withNoRepeatNgramSize(2))),
            Map.entry(
                    "chain_rp1.2_t0.8_k20_p0.85",
                    UNCHANGED
                            .withTemperature(0.8f)
                            .withTruncation(ALL.withTopK(20).withTopP(0.85f))
                            .withPenalties(NONE.withRepetition(1.2f))),
            Map.entry(
                    "chain_t1.2_k40_p0.95_minp0.05",
                    UNCHANGED
                            .withTemperature(1.2f)
                            .withTruncation(ALL.withTopK(40).withTopP(0.95f).withMinP(0.05f))),
            Map.entry("softmax_only", UNCHANGED));

    static Stream<Arguments> processors() {
        return PROCESSORS.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
    }

    @Test
    void everyTensorOfTheGoldenIsCompared() {
        try (Golden golden = new Golden("samplers");
                SafetensorsFile expected =
                        SafetensorsFile.open(golden.directory().resolve("expected.safetensors"))) {
            assertThat(PROCESSORS.keySet().stream()
                            .flatMap(name -> Stream.of("probs." + name, "kept." + name))
                            .toList())
                    .containsExactlyInAnyOrderElementsOf(expected.tensorNames());
        }
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
}
