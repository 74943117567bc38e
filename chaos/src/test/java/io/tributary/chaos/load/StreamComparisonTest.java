package io.tributary.chaos.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.proto.gateway.v1.FinishReason;
import io.tributary.proto.gateway.v1.Finished;
import io.tributary.proto.gateway.v1.GenerateResponse;
import io.tributary.proto.gateway.v1.Started;
import io.tributary.proto.gateway.v1.Token;
import org.junit.jupiter.api.Test;

class StreamComparisonTest {
    private static final int PROMPT = 3;
    private static final Started STARTED =
            Started.newBuilder().setSessionId("s").setPromptTokens(PROMPT).build();

    @Test
    void equalStreamsDoNotDiffer() {
        assertThat(StreamComparison.difference(whole(), whole(), false)).isEmpty();
    }

    @Test
    void aStreamInTwoPartsEqualsOneInOnePart() {
        ReceivedStream parts = stream(token(0), token(1));
        parts.accept(started());
        parts.accept(token(2));
        parts.accept(finished(3));

        assertThat(StreamComparison.difference(parts, whole(), false)).isEmpty();
    }

    @Test
    void aGapIsFound() {
        ReceivedStream received = stream(token(0), token(2), finished(3));

        assertThat(StreamComparison.difference(received, whole(), false))
                .hasValueSatisfying(
                        what -> assertThat(what).contains("gap").contains("5").contains("4"));
    }

    @Test
    void aRepeatIsFoundEvenIfItIsTheSameToken() {
        ReceivedStream received = stream(token(0), token(1), token(1), token(2), finished(3));

        assertThat(StreamComparison.difference(received, whole(), false))
                .hasValueSatisfying(what -> assertThat(what).contains("repeat").contains("4"));
    }

    @Test
    void aLogprobThatDiffersInOneBitIsFound() {
        Token last = token(2).getToken();
        Token other =
                last.toBuilder().setLogprob(Math.nextUp(last.getLogprob())).build();
        ReceivedStream received = stream(
                token(0),
                token(1),
                GenerateResponse.newBuilder().setToken(other).build(),
                finished(3));

        assertThat(StreamComparison.difference(received, whole(), false))
                .hasValueSatisfying(what -> assertThat(what).contains("position 5", "logprob bits"));
    }

    @Test
    void aWrongTextIsFound() {
        Token other = token(1).getToken().toBuilder().setText("?").build();
        ReceivedStream received =
                stream(token(0), GenerateResponse.newBuilder().setToken(other).build(), token(2), finished(3));

        assertThat(StreamComparison.difference(received, whole(), false))
                .hasValueSatisfying(what -> assertThat(what).contains("position 4", "text \"?\""));
    }

    @Test
    void aMissingEndIsADifferenceUnlessTheClientCancelled() {
        ReceivedStream received = stream(token(0), token(1));

        assertThat(StreamComparison.difference(received, whole(), false)).isPresent();
        assertThat(StreamComparison.difference(received, whole(), true)).isEmpty();
    }

    @Test
    void aTokenTooManyIsFound() {
        ReceivedStream received = stream(token(0), token(1), token(2), token(3));

        assertThat(StreamComparison.difference(received, whole(), true))
                .hasValueSatisfying(what -> assertThat(what).contains("4 tokens, 3 in the reference"));
    }

    @Test
    void aStreamThatIsResumedAsAnotherSessionIsFound() {
        ReceivedStream received = stream(token(0));
        received.accept(GenerateResponse.newBuilder()
                .setStarted(STARTED.toBuilder().setSeed(9))
                .build());

        assertThat(received.violation())
                .hasValueSatisfying(what -> assertThat(what).contains("resumed as"));
    }

    @Test
    void theNextPositionIsThatBehindTheLastToken() {
        assertThat(stream().nextPosition()).isEqualTo(PROMPT);
        assertThat(stream(token(0), token(1)).nextPosition()).isEqualTo(PROMPT + 2);
    }

    private static ReceivedStream whole() {
        return stream(token(0), token(1), token(2), finished(3));
    }

    private static ReceivedStream stream(GenerateResponse... responses) {
        ReceivedStream stream = new ReceivedStream();
        stream.accept(started());
        for (GenerateResponse response : responses) {
            stream.accept(response);
        }
        return stream;
    }

    private static GenerateResponse started() {
        return GenerateResponse.newBuilder().setStarted(STARTED).build();
    }

    private static GenerateResponse token(int index) {
        return GenerateResponse.newBuilder()
                .setToken(Token.newBuilder()
                        .setPosition(PROMPT + index)
                        .setId(100 + index)
                        .setText("t" + index)
                        .setLogprob(-0.1f * (index + 1)))
                .build();
    }

    private static GenerateResponse finished(int tokens) {
        return GenerateResponse.newBuilder()
                .setFinished(Finished.newBuilder()
                        .setReason(FinishReason.FINISH_REASON_LENGTH)
                        .setPromptTokens(PROMPT)
                        .setGeneratedTokens(tokens))
                .build();
    }
}
