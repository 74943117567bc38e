package io.tributary.gateway;

import static io.tributary.gateway.ChatClient.says;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.tributary.gateway.ChatClient.Answer;
import io.tributary.log.ActivationLog;
import io.tributary.proto.gateway.v1.FinishReason;
import io.tributary.proto.gateway.v1.SamplingParameters;
import io.tributary.proto.gateway.v1.Turn;
import io.tributary.proto.log.v1.Activation;
import io.tributary.proto.log.v1.CloseReason;
import io.tributary.proto.log.v1.ContinueSession;
import io.tributary.proto.log.v1.LaneRecord;
import jakarta.inject.Inject;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Conversations over gRPC, with a tokenizer and a shard that stand in. */
@QuarkusTest
@WithTestResource(TokenizerStandIn.class)
class ChatTest {
    private static final int BEGIN = TokenizerStandIn.BEGIN;
    private static final int END = TokenizerStandIn.END;

    @Inject
    ActivationLog log;

    @ConfigProperty(name = "quarkus.grpc.server.test-port")
    int port;

    private ManagedChannel channel;
    private ShardStandIn shard;
    private ChatClient client;

    @BeforeEach
    void open() {
        shard = new ShardStandIn(log);
        channel = ManagedChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .build();
        client = new ChatClient(channel);
    }

    @AfterEach
    void close() throws InterruptedException {
        channel.shutdownNow();
        shard.close();
    }

    @Test
    void aNextTurnGoesOnWithTheSessionOfTheTurnBefore() throws Exception {
        Answer first = client.ask(says("ab"));
        Answer second = client.ask(says("c"));

        assertThat(first.text()).isEqualTo("AB");
        assertThat(first.started().getTurn()).isEqualTo(1);
        assertThat(first.started().getPromptTokens()).isEqualTo(5);
        assertThat(first.started().getReusedTokens()).isZero();
        assertThat(first.finished().getReason()).isEqualTo(FinishReason.FINISH_REASON_END_OF_TEXT);
        assertThat(second.text()).isEqualTo("C");
        assertThat(second.started().getTurn()).isEqualTo(2);
        assertThat(second.started().getSessionId()).isEqualTo(first.started().getSessionId());
        assertThat(second.started().getPromptTokens()).isEqualTo(12);
        assertThat(second.started().getReusedTokens()).isEqualTo(7);
        assertThat(shard.writtenOf(first.started().getSessionId()))
                .extracting(LaneRecord::getContinue)
                .filteredOn(next -> next.getPromptLength() > 0)
                .extracting(ContinueSession::getPromptLength)
                .containsExactly(12);
        assertThat(activationsOf(first).getLast().getFirstPosition()).isEqualTo(7);
        assertThat(activationsOf(first).getLast().getTokenIdsList()).containsExactly(END, BEGIN, (int) 'c', END, BEGIN);
    }

    @Test
    void anAnswerThatWasCutShortByItsLengthIsGoneOnWithToo() throws Exception {
        Answer first = client.ask(says("abc").setMaxTokens(2));
        Answer second = client.ask(says("d"));

        assertThat(first.finished().getReason()).isEqualTo(FinishReason.FINISH_REASON_LENGTH);
        assertThat(second.started().getSessionId()).isEqualTo(first.started().getSessionId());
        assertThat(activationsOf(first).getLast().getTokenIdsList())
                .containsExactly((int) 'B', END, BEGIN, (int) 'd', END, BEGIN);
    }

    @Test
    void aTurnBehindAnEarlierOneIsABranch() throws Exception {
        Answer first = client.ask(says("a"));
        Answer second = client.ask(says("b"));
        Answer edited = client.ask(says("c").setAfterTurn(1));
        Answer anew = client.ask(says("d").setAfterTurn(0));

        assertThat(edited.started().getSessionId())
                .isNotEqualTo(second.started().getSessionId());
        assertThat(edited.started().getReusedTokens()).isZero();
        assertThat(promptOf(edited))
                .containsExactly(BEGIN, (int) 'a', END, BEGIN, (int) 'A', END, BEGIN, (int) 'c', END, BEGIN);
        assertThat(promptOf(anew)).containsExactly(BEGIN, (int) 'd', END, BEGIN);
        assertThat(anew.started().getTurn()).isEqualTo(4);
        shard.awaitWritten(first.started().getSessionId(), LaneRecord::hasClose);
        shard.awaitWritten(edited.started().getSessionId(), LaneRecord::hasClose);
    }

    @Test
    void aCancelledAnswerCountsAsFarAsItCame() throws Exception {
        client.send(says("?!"));
        String session = client.next().getStarted().getSessionId();
        assertThat(client.next().getToken().getText()).isEqualTo("?");
        assertThat(client.next().getToken().getText()).isEqualTo("!");

        client.cancelTurn();

        assertThat(client.next().getFinished().getReason()).isEqualTo(FinishReason.FINISH_REASON_CANCELLED);
        shard.awaitWritten(session, written -> written.getClose().getReason() == CloseReason.CLOSE_REASON_CANCELLED);
        Answer next = client.ask(says("b"));
        assertThat(next.started().getSessionId()).isNotEqualTo(session);
        assertThat(promptOf(next))
                .containsExactly(
                        BEGIN, (int) '?', (int) '!', END, BEGIN, (int) '?', (int) '!', END, BEGIN, (int) 'b', END,
                        BEGIN);
    }

    @Test
    void aTurnThatIsCancelledAtOnceIsAnsweredByItsEnd() throws Exception {
        client.send(says("?"));
        client.cancelTurn();
        client.send(says("b"));

        assertThat(client.answer().finished().getReason()).isEqualTo(FinishReason.FINISH_REASON_CANCELLED);
        assertThat(client.answer().text()).isEqualTo("B");
    }

    @Test
    void cancellingWhenNoAnswerIsUnderWayDoesNothing() throws Exception {
        client.cancelTurn();
        Answer first = client.ask(says("a"));
        client.cancelTurn();

        assertThat(first.text()).isEqualTo("A");
        assertThat(client.ask(says("b")).text()).isEqualTo("B");
    }

    @Test
    void aStopTextEndsTheSessionAndTheNextTurnOpensAnother() throws Exception {
        Answer first = client.ask(says("abc").addStop("B"));
        Answer second = client.ask(says("d"));

        assertThat(first.text()).isEqualTo("A");
        assertThat(first.finished().getReason()).isEqualTo(FinishReason.FINISH_REASON_STOP_TEXT);
        shard.awaitWritten(first.started().getSessionId(), LaneRecord::hasClose);
        assertThat(promptOf(second))
                .containsExactly(
                        BEGIN, (int) 'a', (int) 'b', (int) 'c', END, BEGIN, (int) 'A', END, BEGIN, (int) 'd', END,
                        BEGIN);
    }

    @Test
    void aStopTextInTheLastTokenFreesTheSessionToo() throws Exception {
        Answer first = client.ask(says("ab").setMaxTokens(2).addStop("B"));

        assertThat(first.finished().getReason()).isEqualTo(FinishReason.FINISH_REASON_STOP_TEXT);
        shard.awaitWritten(first.started().getSessionId(), LaneRecord::hasClose);
    }

    @Test
    void penaltiesThatTellAnswersFromPromptsOpenAnotherSession() throws Exception {
        Answer first = client.ask(says("a"));
        Answer second =
                client.ask(says("b").setSampling(SamplingParameters.newBuilder().setPresencePenalty(1)));

        assertThat(second.started().getSessionId()).isNotEqualTo(first.started().getSessionId());
    }

    @Test
    void aClientThatGoesAwayFreesItsSession() throws Exception {
        Answer first = client.ask(says("a"));
        client.goAway();
        shard.awaitWritten(first.started().getSessionId(), LaneRecord::hasClose);

        ChatClient other = new ChatClient(channel);
        other.send(says("?"));
        String underWay = other.next().getStarted().getSessionId();
        other.goAway();
        shard.awaitWritten(underWay, LaneRecord::hasClose);
    }

    @Test
    void theAnswerUnderWayIsFinishedWhenTheClientSaysNoMore() throws Exception {
        client.send(says("a"));
        client.saysNoMore();

        Answer first = client.answer();
        assertThat(first.text()).isEqualTo("A");
        assertThat(client.read()).isNull();
        shard.awaitWritten(first.started().getSessionId(), LaneRecord::hasClose);
    }

    @Test
    void aTurnThatCannotBeAnsweredEndsTheCallAndSaysWhy() throws Exception {
        assertFailure(says("a").setAfterTurn(7), Status.Code.NOT_FOUND, "after_turn");
        assertFailure(Turn.newBuilder(), Status.Code.INVALID_ARGUMENT, "messages");
        assertFailure(says("a").setMaxTokens(0), Status.Code.INVALID_ARGUMENT, "max_tokens");
        assertFailure(says("a".repeat(62)), Status.Code.RESOURCE_EXHAUSTED, "context");
    }

    private void assertFailure(Turn.Builder turn, Status.Code code, String named) throws Exception {
        ChatClient other = new ChatClient(channel);
        other.send(turn);
        Status failure = other.failure();
        assertThat(failure.getCode()).as("%s", failure).isEqualTo(code);
        assertThat(failure.getDescription()).contains(named);
    }

    @Test
    void aRequestWithoutAnActionEndsTheCall() throws Exception {
        client.sendNothing();

        assertThat(client.failure().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    @Test
    void turnsBeyondThoseThatMayWaitEndTheCallAndFreeItsSession() throws Exception {
        client.send(says("?"));
        String underWay = client.next().getStarted().getSessionId();
        for (int turn = 0; turn < ChatTurns.MOST_UNANSWERED; turn++) {
            client.send(says("b"));
        }

        assertThat(client.failure().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        shard.awaitWritten(underWay, LaneRecord::hasClose);
    }

    private List<Activation> activationsOf(Answer answer) {
        return shard.writtenOf(answer.started().getSessionId()).stream()
                .filter(LaneRecord::hasActivation)
                .map(LaneRecord::getActivation)
                .toList();
    }

    private List<Integer> promptOf(Answer answer) {
        return activationsOf(answer).getFirst().getTokenIdsList();
    }
}
