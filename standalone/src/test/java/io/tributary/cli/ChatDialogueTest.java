package io.tributary.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.tributary.proto.gateway.v1.ChatRequest;
import io.tributary.proto.gateway.v1.ChatResponse;
import io.tributary.proto.gateway.v1.DetokenizeRequest;
import io.tributary.proto.gateway.v1.DetokenizeResponse;
import io.tributary.proto.gateway.v1.FinishReason;
import io.tributary.proto.gateway.v1.GenerateRequest;
import io.tributary.proto.gateway.v1.GenerateResponse;
import io.tributary.proto.gateway.v1.ListModelsRequest;
import io.tributary.proto.gateway.v1.ListModelsResponse;
import io.tributary.proto.gateway.v1.Token;
import io.tributary.proto.gateway.v1.TokenizeRequest;
import io.tributary.proto.gateway.v1.TokenizeResponse;
import io.tributary.proto.gateway.v1.Turn;
import io.tributary.proto.gateway.v1.TurnFinished;
import io.tributary.proto.gateway.v1.TurnStarted;
import java.io.BufferedReader;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ChatDialogueTest {
    /** Answers each turn with its number; the message `fail` breaks the call. */
    private static final class Echo implements GatewayCalls {
        final List<Turn> asked = new ArrayList<>();
        int calls;

        @Override
        public Multi<ChatResponse> chat(Multi<ChatRequest> requests) {
            calls++;
            AtomicInteger turn = new AtomicInteger();
            return requests.onItem().transformToMultiAndConcatenate(request -> answer(request.getTurn(), turn));
        }

        private Multi<ChatResponse> answer(Turn turn, AtomicInteger number) {
            asked.add(turn);
            if (turn.getMessages(turn.getMessagesCount() - 1).getContent().equals("fail")) {
                return Multi.createFrom().failure(new CommandFailedException("as was asked"));
            }
            int current = number.incrementAndGet();
            return Multi.createFrom()
                    .items(
                            ChatResponse.newBuilder()
                                    .setStarted(TurnStarted.newBuilder().setTurn(current))
                                    .build(),
                            ChatResponse.newBuilder()
                                    .setToken(Token.newBuilder().setText("answer " + current))
                                    .build(),
                            ChatResponse.newBuilder()
                                    .setFinished(TurnFinished.newBuilder()
                                            .setTurn(current)
                                            .setReason(FinishReason.FINISH_REASON_END_OF_TEXT))
                                    .build());
        }

        @Override
        public Multi<GenerateResponse> generate(GenerateRequest request) {
            throw new AssertionError("a dialogue generates by chat");
        }

        @Override
        public Uni<TokenizeResponse> tokenize(TokenizeRequest request) {
            throw new AssertionError("a dialogue does not tokenize");
        }

        @Override
        public Uni<DetokenizeResponse> detokenize(DetokenizeRequest request) {
            throw new AssertionError("a dialogue does not detokenize");
        }

        @Override
        public Uni<ListModelsResponse> listModels(ListModelsRequest request) {
            throw new AssertionError("a dialogue lists no models");
        }
    }

    private final Echo gateway = new Echo();

    private int talk(String... lines) {
        ChatInput input = new ChatInput.OfLines(new BufferedReader(new StringReader(String.join("\n", lines))));
        return new ChatDialogue(gateway, input, ChatPrinter.json(), new ChatTurns("", Turn.getDefaultInstance())).run();
    }

    private List<Integer> followed() {
        return gateway.asked.stream().map(Turn::getAfterTurn).toList();
    }

    @Test
    void eachLineIsATurnBehindTheOneBefore() {
        assertThat(talk("one", "", "two", "three")).isZero();

        assertThat(followed()).containsExactly(0, 1, 2);
        assertThat(gateway.calls).isEqualTo(1);
    }

    @Test
    void anotherAnswerFollowsTheTurnBefore() {
        talk("one", "two", "/again", "three");

        assertThat(followed()).containsExactly(0, 1, 1, 3);
    }

    @Test
    void whatIsTakenBackIsNotFollowedAndANewConversationFollowsNothing() {
        talk("one", "two", "/back", "other", "/new", "fresh");

        assertThat(followed()).containsExactly(0, 1, 1, 0);
        assertThat(gateway.asked.getLast().getMessagesCount()).isEqualTo(1);
    }

    @Test
    void aBrokenCallIsFollowedByOneThatIsToldEverything() {
        assertThat(talk("one", "fail", "two")).isEqualTo(1);

        assertThat(gateway.calls).isEqualTo(2);
        assertThat(gateway.asked.getLast().getMessagesList())
                .extracting(message -> message.getContent())
                .containsExactly("one", "answer 1", "two");
    }

    @Test
    void nothingBehindTheExitIsAsked() {
        talk("one", "/exit", "two");

        assertThat(followed()).containsExactly(0);
    }
}
