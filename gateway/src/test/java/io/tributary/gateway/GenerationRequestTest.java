package io.tributary.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.rpc.BadRequest;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import io.tributary.models.sampling.Penalties;
import io.tributary.models.sampling.Truncation;
import io.tributary.proto.gateway.v1.ChatPrompt;
import io.tributary.proto.gateway.v1.Constraint;
import io.tributary.proto.gateway.v1.GenerateRequest;
import io.tributary.proto.gateway.v1.SamplingParameters;
import io.tributary.proto.gateway.v1.TokenIds;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GenerationRequestTest {
    @Test
    void unsetParametersChangeNothing() {
        GenerationRequest request = parse(GenerateRequest.newBuilder().setPrompt("x"));

        assertThat(request.sampling().parameters().temperature()).isZero();
        assertThat(request.sampling().parameters().truncation()).isEqualTo(Truncation.keepAll());
        assertThat(request.sampling().parameters().penalties()).isEqualTo(Penalties.none());
        assertThat(request.maximalTokens()).isEmpty();
    }

    @Test
    void aSeedOfZeroIsASeed() {
        GenerateRequest.Builder request = GenerateRequest.newBuilder()
                .setPrompt("x")
                .setSampling(SamplingParameters.newBuilder().setSeed(0));

        assertThat(parse(request).sampling().parameters().seed()).isZero();
        assertThat(parse(GenerateRequest.newBuilder().setPrompt("x"))
                        .sampling()
                        .parameters()
                        .seed())
                .isNotZero();
    }

    static Stream<Arguments> invalidRequests() {
        return Stream.of(
                Arguments.of(GenerateRequest.newBuilder(), "input"),
                Arguments.of(
                        GenerateRequest.newBuilder().setPromptTokens(TokenIds.getDefaultInstance()), "prompt_tokens"),
                Arguments.of(sampling(SamplingParameters.newBuilder().setTemperature(-1)), "sampling.temperature"),
                Arguments.of(
                        sampling(SamplingParameters.newBuilder().setTemperature(Float.NaN)), "sampling.temperature"),
                Arguments.of(sampling(SamplingParameters.newBuilder().setTopP(0)), "sampling.top_p"),
                Arguments.of(sampling(SamplingParameters.newBuilder().setTopP(1.5f)), "sampling.top_p"),
                Arguments.of(sampling(SamplingParameters.newBuilder().setMinP(2)), "sampling.min_p"),
                Arguments.of(sampling(SamplingParameters.newBuilder().setTopK(-1)), "sampling.top_k"),
                Arguments.of(
                        sampling(SamplingParameters.newBuilder().setRepetitionPenalty(0)),
                        "sampling.repetition_penalty"),
                Arguments.of(
                        sampling(SamplingParameters.newBuilder().setFrequencyPenalty(Float.POSITIVE_INFINITY)),
                        "sampling.frequency_penalty"),
                Arguments.of(sampling(SamplingParameters.newBuilder().setTypicalP(0)), "sampling.typical_p"),
                Arguments.of(sampling(SamplingParameters.newBuilder().setTypicalP(Float.NaN)), "sampling.typical_p"),
                Arguments.of(sampling(SamplingParameters.newBuilder().setEpsilonCutoff(1)), "sampling.epsilon_cutoff"),
                Arguments.of(
                        sampling(SamplingParameters.newBuilder().setNoRepeatNgramSize(-1)),
                        "sampling.no_repeat_ngram_size"),
                Arguments.of(sampling(SamplingParameters.newBuilder().putLogitBias(1, 100.5f)), "sampling.logit_bias"),
                Arguments.of(
                        sampling(SamplingParameters.newBuilder().putLogitBias(1, Float.NaN)), "sampling.logit_bias"),
                Arguments.of(
                        sampling(SamplingParameters.newBuilder()
                                .putAllLogitBias(IntStream.rangeClosed(0, 1024)
                                        .boxed()
                                        .collect(Collectors.toMap(id -> id, id -> 1f)))),
                        "sampling.logit_bias"),
                Arguments.of(
                        text().setConstraint(Constraint.newBuilder().setGbnf("x".repeat((1 << 16) + 1))),
                        "constraint.gbnf"),
                Arguments.of(GenerateRequest.newBuilder().setChat(ChatPrompt.getDefaultInstance()), "chat.messages"),
                Arguments.of(text().setTopLogprobs(21), "top_logprobs"),
                Arguments.of(text().setMaxTokens(0), "max_tokens"),
                Arguments.of(text().addStop(""), "stop"),
                Arguments.of(text().addStop("x".repeat(257)), "stop"));
    }

    @ParameterizedTest
    @MethodSource("invalidRequests")
    void anInvalidRequestNamesItsField(GenerateRequest.Builder request, String field) {
        assertThatThrownBy(() -> parse(request)).satisfies(error -> {
            assertThat(Status.fromThrowable(error).getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            BadRequest detail = StatusProto.fromThrowable(error).getDetails(0).unpack(BadRequest.class);
            assertThat(detail.getFieldViolations(0).getField()).isEqualTo(field);
        });
    }

    private static GenerateRequest.Builder text() {
        return GenerateRequest.newBuilder().setPrompt("x");
    }

    private static GenerateRequest.Builder sampling(SamplingParameters.Builder sampling) {
        return text().setSampling(sampling);
    }

    private static GenerationRequest parse(GenerateRequest.Builder request) {
        return GenerationRequest.of(request.build(), new Random(1));
    }
}
