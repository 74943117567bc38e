package io.tributary.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.rpc.Code;
import io.tributary.models.sampling.Penalties;
import io.tributary.models.sampling.SamplingParameters;
import io.tributary.models.sampling.Truncation;
import io.tributary.proto.log.v1.LogitBias;
import io.tributary.proto.log.v1.OpenSession;
import io.tributary.proto.log.v1.Sampling;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TurnsTest {
    private static final Turns TURNS = new Turns(TestShards.model(), () -> {});

    @Test
    void everySamplingParameterOfTheOpeningArrives() throws SessionRefusedException {
        assertThat(TURNS.of(opening(complete()), 64).sampling())
                .isEqualTo(new SamplingParameters(
                        0.5f,
                        new Truncation(7, 0.25f, 0.125f, 0.75f, 0.0625f),
                        new Penalties(1.5f, -0.5f, 2, 3),
                        -11,
                        5,
                        List.of(new io.tributary.models.sampling.LogitBias(1999, -2.5f))));
    }

    @Test
    void anOpeningOfAGatewayThatDoesNotKnowTheLaterParametersLeavesThemWithoutEffect() throws SessionRefusedException {
        Sampling.Builder earlier =
                complete().clearTypicalP().clearEpsilonCutoff().clearNoRepeatNgramSize();

        SamplingParameters sampling = TURNS.of(opening(earlier), 64).sampling();

        assertThat(sampling.truncation()).isEqualTo(new Truncation(7, 0.25f, 0.125f, 1, 0));
        assertThat(sampling.penalties().noRepeatNgramSize()).isZero();
    }

    static Stream<Arguments> outOfRange() {
        return Stream.of(
                refused("top_p", "0.0", sampling -> sampling.setTopP(0)),
                refused("typical_p", "0.0", sampling -> sampling.setTypicalP(0)),
                refused("epsilon_cutoff", "1.0", sampling -> sampling.setEpsilonCutoff(1)),
                refused("no_repeat_ngram_size", "-1", sampling -> sampling.setNoRepeatNgramSize(-1)),
                refused("logit_bias", "101.0", sampling -> sampling.addLogitBias(bias(1, 101))),
                refused("a token id in logit_bias", "2048", sampling -> sampling.addLogitBias(bias(2048, 1))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("outOfRange")
    void aParameterOutOfItsRangeRefusesTheSession(String field, String value, Consumer<Sampling.Builder> change) {
        Sampling.Builder sampling = complete();
        change.accept(sampling);
        assertThatThrownBy(() -> TURNS.of(opening(sampling), 64))
                .isInstanceOfSatisfying(
                        SessionRefusedException.class,
                        refused -> assertThat(refused.code()).isEqualTo(Code.INVALID_ARGUMENT))
                .hasMessageContaining(field + " is " + value + " but must be");
    }

    private static LogitBias.Builder bias(int tokenId, float bias) {
        return LogitBias.newBuilder().setTokenId(tokenId).setBias(bias);
    }

    private static Sampling.Builder complete() {
        return Sampling.newBuilder()
                .setTemperature(0.5f)
                .setTopK(7)
                .setTopP(0.25f)
                .setMinP(0.125f)
                .setTypicalP(0.75f)
                .setEpsilonCutoff(0.0625f)
                .setRepetitionPenalty(1.5f)
                .setFrequencyPenalty(-0.5f)
                .setPresencePenalty(2)
                .setNoRepeatNgramSize(3)
                .setSeed(-11)
                .setTopLogprobs(5)
                .addLogitBias(bias(1999, -2.5f));
    }

    private static OpenSession opening(Sampling.Builder sampling) {
        return OpenSession.newBuilder()
                .setPromptLength(1)
                .setMaxTokens(1)
                .setSampling(sampling)
                .build();
    }

    private static Arguments refused(String field, String value, Consumer<Sampling.Builder> change) {
        return Arguments.of(field, value, change);
    }
}
