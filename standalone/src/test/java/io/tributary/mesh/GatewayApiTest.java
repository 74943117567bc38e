package io.tributary.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse.ServingStatus;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.quarkus.test.junit.QuarkusTest;
import io.tributary.proto.gateway.v1.Constraint;
import io.tributary.proto.gateway.v1.DetokenizeRequest;
import io.tributary.proto.gateway.v1.EmbedRequest;
import io.tributary.proto.gateway.v1.Embedding;
import io.tributary.proto.gateway.v1.FinishReason;
import io.tributary.proto.gateway.v1.GatewayServiceGrpc;
import io.tributary.proto.gateway.v1.GatewayServiceGrpc.GatewayServiceBlockingStub;
import io.tributary.proto.gateway.v1.GenerateRequest;
import io.tributary.proto.gateway.v1.ListModelsRequest;
import io.tributary.proto.gateway.v1.SamplingParameters;
import io.tributary.proto.gateway.v1.ScoreRequest;
import io.tributary.proto.gateway.v1.ScoreResponse;
import io.tributary.proto.gateway.v1.Token;
import io.tributary.proto.gateway.v1.TokenIds;
import io.tributary.proto.gateway.v1.TokenizeRequest;
import io.tributary.proto.gateway.v1.TokenizeResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the gateway's calls say of the shipped model, next to what they say of it elsewhere. */
@QuarkusTest
class GatewayApiTest {
    private static final ShippedModel EXPECTED = ShippedModel.expected();
    private static final int END_OF_TEXT = 0;

    @ConfigProperty(name = "quarkus.grpc.server.test-port")
    int port;

    private ManagedChannel channel;

    @BeforeEach
    void open() {
        channel = ManagedChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .build();
    }

    @AfterEach
    void close() {
        channel.shutdownNow();
    }

    private GatewayServiceBlockingStub gateway() {
        return GatewayServiceGrpc.newBlockingStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
    }

    @Test
    void scoresHaveTheBitsOfTheGenerationThatMadeTheText() {
        Streams stream = generate(GenerateRequest.newBuilder()
                .setPrompt(EXPECTED.prompt())
                .setMaxTokens(40)
                .setTopLogprobs(3));
        List<Integer> ids = new ArrayList<>(EXPECTED.promptIds());
        ids.addAll(stream.ids());

        ScoreResponse response = gateway()
                .score(ScoreRequest.newBuilder()
                        .setTokens(TokenIds.newBuilder().addAllIds(ids))
                        .setTopLogprobs(3)
                        .build());

        int prompt = EXPECTED.promptIds().size();
        assertThat(response.getScoresCount()).isEqualTo(ids.size());
        assertThat(response.getScores(0).hasLogprob()).isFalse();
        for (Token token : stream.tokens()) {
            var score = response.getScores(token.getPosition());
            assertThat(score.getId()).isEqualTo(token.getId());
            assertThat(score.getLogprob())
                    .as("position %d", token.getPosition())
                    .isEqualTo(token.getLogprob());
            assertThat(score.getTopLogprobsList()).isEqualTo(token.getTopLogprobsList());
        }
        assertThat(response.getScoresList().subList(1, prompt))
                .allSatisfy(score -> assertThat(score.getLogprob()).isNegative());
    }

    @Test
    void aTextIsScoredWithWhatTheModelExpectsInFront() {
        ScoreResponse response = gateway()
                .score(ScoreRequest.newBuilder().setText(EXPECTED.prompt()).build());

        assertThat(response.getScoresList()).extracting(score -> score.getId()).isEqualTo(EXPECTED.promptIds());
    }

    @Test
    void anEmbeddingIsTheSameWhateverIsEmbeddedWithIt() {
        List<String> texts = List.of(EXPECTED.prompt(), "And God said", "the waters", "And God said");
        List<Embedding> together = gateway()
                .embed(EmbedRequest.newBuilder().addAllTexts(texts).build())
                .getEmbeddingsList();

        for (int index = 0; index < texts.size(); index++) {
            Embedding alone = gateway()
                    .embed(EmbedRequest.newBuilder().addTexts(texts.get(index)).build())
                    .getEmbeddings(0);
            assertThat(together.get(index)).isEqualTo(alone);
            double squares = alone.getValuesList().stream()
                    .mapToDouble(value -> (double) value * value)
                    .sum();
            assertThat(squares).isCloseTo(1, within(1e-6));
        }
        assertThat(together.get(0)).isNotEqualTo(together.get(1));
        assertThat(together.get(0).getTokens()).isEqualTo(EXPECTED.promptIds().size());
    }

    @Test
    void textsBecomeTheReferencesIdsAndBack() {
        TokenizeResponse tokenized = gateway()
                .tokenize(TokenizeRequest.newBuilder()
                        .setText(EXPECTED.prompt())
                        .setAddSpecialTokens(true)
                        .build());

        assertThat(tokenized.getIdsList()).isEqualTo(EXPECTED.promptIds());
        assertThat(tokenized.getPiecesCount()).isEqualTo(tokenized.getIdsCount());
        assertThat(gateway()
                        .detokenize(DetokenizeRequest.newBuilder()
                                .addAllIds(tokenized.getIdsList())
                                .setSkipSpecialTokens(true)
                                .build())
                        .getText())
                .isEqualTo(EXPECTED.prompt());
        assertThatThrownBy(() -> gateway()
                        .detokenize(DetokenizeRequest.newBuilder().addIds(4096).build()))
                .satisfies(error ->
                        assertThat(Status.fromThrowable(error).getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT));
    }

    @Test
    void theModelIsListed() {
        assertThat(gateway().listModels(ListModelsRequest.getDefaultInstance()).getModelsList())
                .singleElement()
                .satisfies(model -> {
                    assertThat(model.getContextLength()).isEqualTo(128);
                    assertThat(model.getVocabularySize()).isEqualTo(2048);
                    assertThat(model.getFingerprint()).hasSize(64);
                });
    }

    @Test
    void aBiasMakesATokenCertainOrRulesItOut() {
        int favourite = EXPECTED.greedyIds().getFirst();

        Streams banned = generate(prompted(SamplingParameters.newBuilder().putLogitBias(favourite, -100)));
        Streams ended = generate(prompted(SamplingParameters.newBuilder().putLogitBias(END_OF_TEXT, 100)));

        assertThat(banned.ids()).doesNotContain(favourite);
        assertThat(ended.ids()).containsExactly(END_OF_TEXT);
        assertThat(ended.finished().getReason()).isEqualTo(FinishReason.FINISH_REASON_END_OF_TEXT);
        assertThatThrownBy(
                        () -> generate(prompted(SamplingParameters.newBuilder().putLogitBias(2048, 1))))
                .hasMessageContaining("sampling.logit_bias: has the id 2048");
    }

    @Test
    void anEndOfTextThatIsIgnoredIsAToken() {
        Streams stream = generate(prompted(SamplingParameters.newBuilder().putLogitBias(END_OF_TEXT, 100))
                .setIgnoreEndOfText(true));

        assertThat(stream.ids()).containsExactly(END_OF_TEXT, END_OF_TEXT, END_OF_TEXT, END_OF_TEXT, END_OF_TEXT);
        assertThat(stream.finished().getReason()).isEqualTo(FinishReason.FINISH_REASON_LENGTH);
    }

    @Test
    void aConstraintHoldsFromTheFirstTokenToTheEnd() {
        Streams stream = generate(GenerateRequest.newBuilder()
                .setPrompt(EXPECTED.prompt())
                .setMaxTokens(40)
                .setConstraint(Constraint.newBuilder().setRegularExpression("(yea|nay), [a-z]{3,5}\\.")));

        assertThat(stream.text()).matches("(yea|nay), [a-z]{3,5}\\.");
        assertThat(stream.finished().getReason()).isEqualTo(FinishReason.FINISH_REASON_END_OF_TEXT);
    }

    @Test
    void aConstraintThatIsNoneIsRefusedBeforeASessionStarts() {
        assertRefused(Constraint.newBuilder().setJsonSchema("{"), "constraint.json_schema");
        assertRefused(Constraint.newBuilder().setRegularExpression("(a"), "constraint.regular_expression");
        assertRefused(Constraint.newBuilder().setGbnf("root ::= missing"), "constraint.gbnf");
    }

    private void assertRefused(Constraint.Builder constraint, String field) {
        assertThatThrownBy(() ->
                        generate(GenerateRequest.newBuilder().setPrompt("x").setConstraint(constraint)))
                .satisfies(error -> {
                    assertThat(Status.fromThrowable(error).getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
                    assertThat(Status.fromThrowable(error).getDescription()).startsWith(field + ": ");
                });
    }

    @Test
    void healthAndReflectionKnowTheService() {
        assertThat(Reflection.services(channel)).contains(GatewayServiceGrpc.SERVICE_NAME, HealthGrpc.SERVICE_NAME);
        assertThat(HealthGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(10, TimeUnit.SECONDS)
                        .check(HealthCheckRequest.newBuilder()
                                .setService(GatewayServiceGrpc.SERVICE_NAME)
                                .build())
                        .getStatus())
                .isEqualTo(ServingStatus.SERVING);
    }

    private static GenerateRequest.Builder prompted(SamplingParameters.Builder sampling) {
        return GenerateRequest.newBuilder()
                .setPrompt(EXPECTED.prompt())
                .setMaxTokens(5)
                .setSampling(sampling);
    }

    private Streams generate(GenerateRequest.Builder request) {
        return Streams.read(gateway(), request.build());
    }
}
