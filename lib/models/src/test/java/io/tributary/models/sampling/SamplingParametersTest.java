package io.tributary.models.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SamplingParametersTest {
    private static final float NAN = Float.NaN;

    static Stream<Arguments> outOfRange() {
        return Stream.of(
                refused("temperature", () -> of(-0.1f, 0, 1, 0, 1, 0, 0, 0)),
                refused("temperature", () -> of(100.1f, 0, 1, 0, 1, 0, 0, 0)),
                refused("temperature", () -> of(NAN, 0, 1, 0, 1, 0, 0, 0)),
                refused("top_k", () -> of(1, -1, 1, 0, 1, 0, 0, 0)),
                refused("top_p", () -> of(1, 0, 0, 0, 1, 0, 0, 0)),
                refused("top_p", () -> of(1, 0, 1.01f, 0, 1, 0, 0, 0)),
                refused("top_p", () -> of(1, 0, NAN, 0, 1, 0, 0, 0)),
                refused("min_p", () -> of(1, 0, 1, -0.01f, 1, 0, 0, 0)),
                refused("min_p", () -> of(1, 0, 1, 1.01f, 1, 0, 0, 0)),
                refused("min_p", () -> of(1, 0, 1, NAN, 1, 0, 0, 0)),
                refused("repetition_penalty", () -> of(1, 0, 1, 0, 0, 0, 0, 0)),
                refused("repetition_penalty", () -> of(1, 0, 1, 0, Float.POSITIVE_INFINITY, 0, 0, 0)),
                refused("repetition_penalty", () -> of(1, 0, 1, 0, NAN, 0, 0, 0)),
                refused("frequency_penalty", () -> of(1, 0, 1, 0, 1, 2.1f, 0, 0)),
                refused("frequency_penalty", () -> of(1, 0, 1, 0, 1, NAN, 0, 0)),
                refused("presence_penalty", () -> of(1, 0, 1, 0, 1, 0, -2.1f, 0)),
                refused("presence_penalty", () -> of(1, 0, 1, 0, 1, 0, NAN, 0)),
                refused("top_logprobs", () -> of(1, 0, 1, 0, 1, 0, 0, 21)),
                refused("top_logprobs", () -> of(1, 0, 1, 0, 1, 0, 0, -1)));
    }

    @ParameterizedTest(name = "{0}, case {index}")
    @MethodSource("outOfRange")
    void aParameterOutOfItsRangeIsNamed(String field, Supplier<SamplingParameters> parameters) {
        assertThatExceptionOfType(InvalidParameterException.class)
                .isThrownBy(parameters::get)
                .satisfies(refusal -> assertThat(refusal.field()).isEqualTo(field))
                .withMessageContaining(field + " is ")
                .withMessageContaining("must be");
    }

    @Test
    void theBordersOfTheRangesAreAllowed() {
        assertThatCode(() -> of(0, 0, 1, 0, Float.MIN_VALUE, -2, -2, 0)).doesNotThrowAnyException();
        assertThatCode(() -> of(100, Integer.MAX_VALUE, Float.MIN_VALUE, 1, Float.MAX_VALUE, 2, 2, 20))
                .doesNotThrowAnyException();
    }

    private static Arguments refused(String field, Supplier<SamplingParameters> parameters) {
        return Arguments.of(field, parameters);
    }

    private static SamplingParameters of(
            float temperature,
            int topK,
            float topP,
            float minP,
            float repetition,
            float frequency,
            float presence,
            int topLogprobs) {
        return new SamplingParameters(temperature, topK, topP, minP, repetition, frequency, presence, 0, topLogprobs);
    }
}
