package io.tributary.models.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SamplingParametersTest {
    private static final float NAN = Float.NaN;
    private static final SamplingParameters GREEDY = SamplingParameters.greedy();
    private static final Truncation ALL = Truncation.keepAll();
    private static final Penalties NONE = Penalties.none();

    static Stream<Arguments> outOfRange() {
        return Stream.of(
                refused("temperature", "-0.1", () -> GREEDY.withTemperature(-0.1f)),
                refused("temperature", "100.1", () -> GREEDY.withTemperature(100.1f)),
                refused("temperature", "NaN", () -> GREEDY.withTemperature(NAN)),
                refused("top_k", "-1", () -> ALL.withTopK(-1)),
                refused("top_p", "0.0", () -> ALL.withTopP(0)),
                refused("top_p", "1.01", () -> ALL.withTopP(1.01f)),
                refused("top_p", "NaN", () -> ALL.withTopP(NAN)),
                refused("min_p", "-0.01", () -> ALL.withMinP(-0.01f)),
                refused("min_p", "1.01", () -> ALL.withMinP(1.01f)),
                refused("min_p", "NaN", () -> ALL.withMinP(NAN)),
                refused("typical_p", "0.0", () -> ALL.withTypicalP(0)),
                refused("typical_p", "1.01", () -> ALL.withTypicalP(1.01f)),
                refused("typical_p", "NaN", () -> ALL.withTypicalP(NAN)),
                refused("epsilon_cutoff", "-0.01", () -> ALL.withEpsilonCutoff(-0.01f)),
                refused("epsilon_cutoff", "1.0", () -> ALL.withEpsilonCutoff(1)),
                refused("epsilon_cutoff", "NaN", () -> ALL.withEpsilonCutoff(NAN)),
                refused("repetition_penalty", "0.0", () -> NONE.withRepetition(0)),
                refused("repetition_penalty", "Infinity", () -> NONE.withRepetition(Float.POSITIVE_INFINITY)),
                refused("repetition_penalty", "NaN", () -> NONE.withRepetition(NAN)),
                refused("frequency_penalty", "2.1", () -> NONE.withFrequency(2.1f)),
                refused("frequency_penalty", "NaN", () -> NONE.withFrequency(NAN)),
                refused("presence_penalty", "-2.1", () -> NONE.withPresence(-2.1f)),
                refused("presence_penalty", "NaN", () -> NONE.withPresence(NAN)),
                refused("no_repeat_ngram_size", "-1", () -> NONE.withNoRepeatNgramSize(-1)),
                refused("logit_bias", "100.1", () -> new LogitBias(0, 100.1f)),
                refused("logit_bias", "-100.1", () -> new LogitBias(0, -100.1f)),
                refused("logit_bias", "NaN", () -> new LogitBias(0, NAN)),
                refused("logit_bias", "-1", () -> new LogitBias(-1, 0)),
                refused("the number of tokens in logit_bias", "1025", () -> GREEDY.withLogitBiases(biases(1025))),
                refused("top_logprobs", "21", () -> GREEDY.withTopLogprobs(21)),
                refused("top_logprobs", "-1", () -> GREEDY.withTopLogprobs(-1)));
    }

    @ParameterizedTest(name = "{0} of {1}")
    @MethodSource("outOfRange")
    void aParameterOutOfItsRangeIsNamedWithItsValue(String field, String value, Supplier<?> parameters) {
        assertThatExceptionOfType(InvalidParameterException.class)
                .isThrownBy(parameters::get)
                .satisfies(refusal -> assertThat(refusal.field()).isEqualTo(field))
                .satisfies(refusal -> assertThat(refusal.value()).isEqualTo(value))
                .satisfies(refusal -> assertThat(refusal.allowed()).isNotBlank())
                .withMessageContaining(field + " is " + value + " but must be");
    }

    @Test
    void theBordersOfTheRangesAreAllowed() {
        assertThatCode(() -> {
                    GREEDY.withTemperature(100).withTopLogprobs(20).withLogitBiases(biases(1024));
                    GREEDY.withLogitBiases(List.of(new LogitBias(Integer.MAX_VALUE, 100)));
                    new Truncation(0, 1, 0, 1, 0);
                    new Truncation(Integer.MAX_VALUE, Float.MIN_VALUE, 1, Float.MIN_VALUE, Math.nextDown(1f));
                    new Penalties(Float.MIN_VALUE, -2, -2, 0);
                    new Penalties(Float.MAX_VALUE, 2, 2, Integer.MAX_VALUE);
                })
                .doesNotThrowAnyException();
    }

    @Test
    void aWithMethodChangesItsParameterAlone() {
        assertThat(GREEDY.withTemperature(0.5f)).isEqualTo(new SamplingParameters(0.5f, ALL, NONE, 0, 0, List.of()));
        assertThat(GREEDY.withSeed(-3)).isEqualTo(new SamplingParameters(0, ALL, NONE, -3, 0, List.of()));
        assertThat(GREEDY.withTopLogprobs(3)).isEqualTo(new SamplingParameters(0, ALL, NONE, 0, 3, List.of()));
        List<LogitBias> biases = List.of(new LogitBias(3, -100));
        assertThat(GREEDY.withLogitBiases(biases)).isEqualTo(new SamplingParameters(0, ALL, NONE, 0, 0, biases));
        assertThat(ALL.withTopK(7)
                        .withTopP(0.1f)
                        .withMinP(0.2f)
                        .withTypicalP(0.3f)
                        .withEpsilonCutoff(0.4f))
                .isEqualTo(new Truncation(7, 0.1f, 0.2f, 0.3f, 0.4f));
        assertThat(NONE.withRepetition(1.1f)
                        .withFrequency(0.2f)
                        .withPresence(0.3f)
                        .withNoRepeatNgramSize(4))
                .isEqualTo(new Penalties(1.1f, 0.2f, 0.3f, 4));
        Truncation top = ALL.withTopK(1);
        Penalties strict = NONE.withNoRepeatNgramSize(1);
        assertThat(GREEDY.withTruncation(top).withPenalties(strict))
                .isEqualTo(new SamplingParameters(0, top, strict, 0, 0, List.of()));
    }

    @Test
    void aBiasForATokenThatTheVocabularyDoesNotHaveIsNamed() {
        SamplingParameters parameters = GREEDY.withLogitBiases(List.of(new LogitBias(7, 1), new LogitBias(8, 1)));
        parameters.requireTokensOf(9);
        assertThatExceptionOfType(InvalidParameterException.class)
                .isThrownBy(() -> parameters.requireTokensOf(8))
                .withMessageContaining("logit_bias is 8 but must be one of the vocabulary, 0 to 7");
    }

    private static List<LogitBias> biases(int count) {
        return IntStream.range(0, count).mapToObj(id -> new LogitBias(id, -100)).toList();
    }

    private static Arguments refused(String field, String value, Supplier<?> parameters) {
        return Arguments.of(field, value, parameters);
    }
}
