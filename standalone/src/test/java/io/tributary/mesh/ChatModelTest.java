package io.tributary.mesh;

import static io.tributary.mesh.ChatClient.says;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.tributary.mesh.ChatClient.Answer;
import io.tributary.proto.decoder.v1.DecoderServiceGrpc;
import io.tributary.proto.decoder.v1.DescribeShardRequest;
import io.tributary.proto.gateway.v1.ChatMessage;
import io.tributary.proto.gateway.v1.ChatPrompt;
import io.tributary.proto.gateway.v1.FinishReason;
import io.tributary.proto.gateway.v1.GatewayServiceGrpc;
import io.tributary.proto.gateway.v1.GatewayServiceGrpc.GatewayServiceBlockingStub;
import io.tributary.proto.gateway.v1.GenerateRequest;
import io.tributary.proto.gateway.v1.Token;
import io.tributary.proto.gateway.v1.TokenIds;
import io.tributary.proto.gateway.v1.TokenizeRequest;
import io.tributary.proto.gateway.v1.Turn;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Conversations with the shipped model: every answer has the bits of one that is generated from the same ids at once. */
@QuarkusTest
@WithTestResource(ChatModel.class)
class ChatModelTest {
    private static final Duration FREED_WITHIN = Duration.ofSeconds(5);
    private static final int ANSWER = 8;

    @ConfigProperty(name = "quarkus.grpc.server.test-port")
    int port;

    private ManagedChannel channel;
    private ChatClient client;

    @BeforeEach
    void open() {
        channel = ManagedChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .build();
        client = new ChatClient(channel);
    }

    @AfterEach
    void close() {
        channel.shutdownNow();
    }

    private GatewayServiceBlockingStub gateway() {
        return GatewayServiceGrpc.newBlockingStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
    }

    @Test
    void turnsThatGoOnHaveTheBitsOfOneThatBegins() throws Exception {
        Answer first = client.ask(turn("In the beginning"));
        Answer second = client.ask(turn("And the earth"));
        Answer third = client.ask(turn("And God said"));

        assertSame(first, user("In the beginning"));
        assertSame(second, user("In the beginning"), assistant(first), user("And the earth"));
        assertSame(
                third,
                user("In the beginning"),
                assistant(first),
                user("And the earth"),
                assistant(second),
                user("And God said"));
        assertThat(List.of(second, third))
                .allSatisfy(answer -> assertThat(answer.started().getSessionId())
                        .isEqualTo(first.started().getSessionId()));
        assertThat(second.started().getReusedTokens()).isEqualTo(first.started().getPromptTokens() + ANSWER - 1);
    }

    @Test
    void branchesAndEditsHaveTheBitsOfOneThatBegins() throws Exception {
        Answer first = client.ask(turn("In the beginning"));
        Answer second = client.ask(turn("And the earth"));
        Answer branch = client.ask(turn("And the waters").setAfterTurn(1));
        Answer edited = client.ask(turn("In the end").setAfterTurn(0));

        assertSame(second, user("In the beginning"), assistant(first), user("And the earth"));
        assertSame(branch, user("In the beginning"), assistant(first), user("And the waters"));
        assertSame(edited, user("In the end"));
        assertThat(edited.started().getTurn()).isEqualTo(4);
    }

    @Test
    void aConversationGoesOnBehindAnAnswerThatWasCancelled() throws Exception {
        client.send(says("In the beginning").setMaxTokens(40));
        String session = client.next().getStarted().getSessionId();
        String begun = client.next().getToken().getText();
        client.cancelTurn();
        Answer rest = client.rest();

        String answer = begun + rest.text();
        assertThat(rest.finished().getReason())
                .isIn(FinishReason.FINISH_REASON_CANCELLED, FinishReason.FINISH_REASON_LENGTH);
        Answer next = client.ask(says("And").setMaxTokens(2));
        if (rest.finished().getReason() == FinishReason.FINISH_REASON_CANCELLED) {
            assertThat(next.started().getSessionId()).isNotEqualTo(session);
        }
        assertSame(
                next,
                user("In the beginning"),
                ChatMessage.newBuilder().setRole("assistant").setContent(answer).build(),
                user("And"));
    }

    @Test
    void aDeadlineThatPassesFreesTheSessionThatWaitsForANextTurn() throws Exception {
        client.ask(turn("In the beginning"));
        client.goAway();
        awaitSessions(0);
        ChatClient hurried = new ChatClient(channel, 5);
        hurried.ask(turn("In the beginning"));
        assertThat(sessions()).isOne();

        assertThat(hurried.failure().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);

        awaitSessions(0);
    }

    private int sessions() {
        return DecoderServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(10, TimeUnit.SECONDS)
                .describeShard(DescribeShardRequest.getDefaultInstance())
                .getLiveSessions();
    }

    private void awaitSessions(int expected) throws InterruptedException {
        long deadline = System.nanoTime() + FREED_WITHIN.toNanos();
        while (sessions() != expected && System.nanoTime() < deadline) {
            Thread.sleep(Duration.ofMillis(20));
        }
        assertThat(sessions()).isEqualTo(expected);
    }

    private void assertSame(Answer answer, ChatMessage... messages) {
        List<Integer> prompt = gateway()
                .tokenize(TokenizeRequest.newBuilder()
                        .setChat(ChatPrompt.newBuilder().addAllMessages(List.of(messages)))
                        .build())
                .getIdsList();
        Streams anew = Streams.read(
                gateway(),
                GenerateRequest.newBuilder()
                        .setPromptTokens(TokenIds.newBuilder().addAllIds(prompt))
                        .setMaxTokens(answer.tokens().size())
                        .setTopLogprobs(2)
                        .build());
        assertThat(answer.started().getPromptTokens()).isEqualTo(prompt.size());
        assertThat(bits(answer.tokens())).isEqualTo(bits(anew.tokens()));
    }

    /** Everything but the texts, of which some were held back in one stream and not in the other. */
    private static List<Token> bits(List<Token> tokens) {
        return tokens.stream()
                .map(token -> token.toBuilder().clearText().clearTopLogprobs().build())
                .toList();
    }

    private static Turn.Builder turn(String text) {
        return says(text).setMaxTokens(ANSWER);
    }

    private static ChatMessage user(String text) {
        return ChatMessage.newBuilder().setRole("user").setContent(text).build();
    }

    private static ChatMessage assistant(Answer answer) {
        return ChatMessage.newBuilder()
                .setRole("assistant")
                .setContent(answer.text())
                .build();
    }
}
