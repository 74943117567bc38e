package io.tributary.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.tributary.log.ActivationLog;
import io.tributary.proto.gateway.v1.ChatMessage;
import io.tributary.proto.gateway.v1.ChatPrompt;
import io.tributary.proto.gateway.v1.DetokenizeRequest;
import io.tributary.proto.gateway.v1.EmbedRequest;
import io.tributary.proto.gateway.v1.EmbedResponse;
import io.tributary.proto.gateway.v1.GatewayServiceGrpc;
import io.tributary.proto.gateway.v1.GatewayServiceGrpc.GatewayServiceBlockingStub;
import io.tributary.proto.gateway.v1.ListModelsRequest;
import io.tributary.proto.gateway.v1.Model;
import io.tributary.proto.gateway.v1.ScoreRequest;
import io.tributary.proto.gateway.v1.ScoreResponse;
import io.tributary.proto.gateway.v1.TokenIds;
import io.tributary.proto.gateway.v1.TokenScore;
import io.tributary.proto.gateway.v1.TokenizeRequest;
import io.tributary.proto.gateway.v1.TokenizeResponse;
import jakarta.inject.Inject;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a gateway says of texts without an answer of the model, with a tokenizer and a shard that stand in. */
@QuarkusTest
@WithTestResource(TokenizerStandIn.class)
class PromptReadingTest {
    @Inject
    ActivationLog log;

    @ConfigProperty(name = "quarkus.grpc.server.test-port")
    int port;

    private ManagedChannel channel;
    private ShardStandIn shard;

    @BeforeEach
    void open() {
        shard = new ShardStandIn(log);
        channel = ManagedChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .build();
    }

    @AfterEach
    void close() throws InterruptedException {
        channel.shutdownNow();
        shard.close();
    }

    private GatewayServiceBlockingStub gateway() {
        return GatewayServiceGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
    }

    @Test
    void eachTokenButTheFirstHasItsScore() {
        ScoreResponse response =
                gateway().score(ScoreRequest.newBuilder().setText("abc").build());

        assertThat(response.getModel()).isEqualTo(TokenizerStandIn.MODEL);
        assertThat(response.getScoresList())
                .containsExactly(
                        TokenScore.newBuilder()
                                .setId('a')
                                .setPiece(ByteString.copyFromUtf8("a"))
                                .build(),
                        TokenScore.newBuilder()
                                .setId('b')
                                .setPiece(ByteString.copyFromUtf8("b"))
                                .setLogprob(-'b')
                                .build(),
                        TokenScore.newBuilder()
                                .setId('c')
                                .setPiece(ByteString.copyFromUtf8("c"))
                                .setLogprob(-'c')
                                .build());
    }

    @Test
    void oneTokenAloneHasNoScore() {
        ScoreResponse response = gateway()
                .score(ScoreRequest.newBuilder()
                        .setTokens(TokenIds.newBuilder().addIds('a'))
                        .build());

        assertThat(response.getScoresList())
                .singleElement()
                .satisfies(score -> assertThat(score.hasLogprob()).isFalse());
    }

    @Test
    void embeddingsHaveLengthOneAndTheOrderOfTheirTexts() {
        EmbedResponse response = gateway()
                .embed(EmbedRequest.newBuilder()
                        .addAllTexts(IntStream.rangeClosed(1, 40)
                                .mapToObj(length -> "a".repeat(length))
                                .toList())
                        .build());

        assertThat(response.getEmbeddingsList()).hasSize(40);
        for (int index = 0; index < 40; index++) {
            assertThat(response.getEmbeddings(index).getTokens()).isEqualTo(index + 1);
            assertThat(response.getEmbeddings(index).getValuesList()).containsExactly(0.6f, 0.8f);
        }
    }

    @Test
    void aVectorIsScaledToLengthOne() {
        float[] scaled = Embeddings.ofUnitLength(new float[] {1e30f, -1e30f});

        assertThat(scaled[0]).isCloseTo((float) Math.sqrt(0.5), within(1e-7f));
        assertThat(scaled[1]).isEqualTo(-scaled[0]);
        assertThatThrownBy(() -> Embeddings.ofUnitLength(new float[] {0, 0})).hasMessageContaining("length 0.0");
        assertThatThrownBy(() -> Embeddings.ofUnitLength(new float[] {Float.NaN}))
                .hasMessageContaining("NaN");
    }

    @Test
    void textsAndConversationsBecomeIdsAndBack() {
        TokenizeResponse text =
                gateway().tokenize(TokenizeRequest.newBuilder().setText("ab").build());
        TokenizeResponse chat = gateway()
                .tokenize(TokenizeRequest.newBuilder()
                        .setChat(ChatPrompt.newBuilder()
                                .addMessages(
                                        ChatMessage.newBuilder().setRole("user").setContent("c")))
                        .build());

        assertThat(text.getIdsList()).containsExactly((int) 'a', (int) 'b');
        assertThat(text.getPiecesList()).extracting(ByteString::toStringUtf8).containsExactly("a", "b");
        assertThat(chat.getIdsList()).containsExactly(1, (int) 'c', 2, 1);
        assertThat(chat.getRendered()).isEqualTo("rendered");
        assertThat(gateway()
                        .detokenize(DetokenizeRequest.newBuilder()
                                .addAllIds(text.getIdsList())
                                .build())
                        .getText())
                .isEqualTo("ab");
    }

    @Test
    void theModelIsListed() {
        assertThat(gateway().listModels(ListModelsRequest.getDefaultInstance()).getModelsList())
                .containsExactly(Model.newBuilder()
                        .setName(TokenizerStandIn.MODEL)
                        .setContextLength(TokenizerStandIn.CONTEXT)
                        .setVocabularySize(TokenizerStandIn.VOCABULARY)
                        .setHasChatTemplate(true)
                        .build());
    }

    @Test
    void badRequestsAreNamed() {
        assertRefused(() -> gateway().score(ScoreRequest.getDefaultInstance()), Status.Code.INVALID_ARGUMENT, "input");
        assertRefused(
                () -> gateway()
                        .score(ScoreRequest.newBuilder()
                                .setText("ab")
                                .setTopLogprobs(21)
                                .build()),
                Status.Code.INVALID_ARGUMENT,
                "top_logprobs");
        assertRefused(
                () -> gateway()
                        .score(ScoreRequest.newBuilder()
                                .setTokens(TokenIds.newBuilder().addIds(128))
                                .build()),
                Status.Code.INVALID_ARGUMENT,
                "128");
        assertRefused(
                () -> gateway()
                        .score(ScoreRequest.newBuilder().setText("a".repeat(64)).build()),
                Status.Code.RESOURCE_EXHAUSTED,
                "context");
        assertRefused(() -> gateway().embed(EmbedRequest.getDefaultInstance()), Status.Code.INVALID_ARGUMENT, "texts");
        assertRefused(
                () -> gateway()
                        .embed(EmbedRequest.newBuilder()
                                .addTexts("a")
                                .addTexts("")
                                .build()),
                Status.Code.INVALID_ARGUMENT,
                "texts[1]");
        assertRefused(
                () -> gateway()
                        .tokenize(TokenizeRequest.newBuilder()
                                .setChat(ChatPrompt.getDefaultInstance())
                                .build()),
                Status.Code.INVALID_ARGUMENT,
                "chat.messages");
    }

    private static void assertRefused(ThrowingCallable call, Status.Code code, String named) {
        assertThatThrownBy(call).satisfies(error -> {
            assertThat(Status.fromThrowable(error).getCode()).isEqualTo(code);
            assertThat(Status.fromThrowable(error).getDescription()).contains(named);
        });
    }
}
