package io.tributary.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.proto.gateway.v1.ChatMessage;
import io.tributary.proto.gateway.v1.Turn;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChatTurnsTest {
    private final ChatTurns turns =
            new ChatTurns("be brief", Turn.newBuilder().setMaxTokens(9).build());

    private static List<String> messages(Turn turn) {
        return turn.getMessagesList().stream()
                .map(message -> message.getRole() + ": " + message.getContent())
                .toList();
    }

    @Test
    void theFirstTurnBeginsWithTheSystemMessage() {
        Turn turn = turns.next("hello");

        assertThat(messages(turn)).containsExactly("system: be brief", "user: hello");
        assertThat(turn.getAfterTurn()).isZero();
        assertThat(turn.getMaxTokens()).isEqualTo(9);
    }

    @Test
    void aLaterTurnSaysOnlyWhatIsNew() {
        turns.answered("hello", "hi", 1);

        Turn turn = turns.next("more");

        assertThat(messages(turn)).containsExactly("user: more");
        assertThat(turn.getAfterTurn()).isEqualTo(1);
    }

    @Test
    void aMessageTakenBackIsNotFollowed() {
        turns.answered("hello", "hi", 1);
        turns.answered("more", "no", 2);

        assertThat(turns.takeBack()).contains("more");
        assertThat(turns.next("less").getAfterTurn()).isEqualTo(1);
        assertThat(turns.takeBack()).contains("hello");
        assertThat(messages(turns.next("again"))).containsExactly("system: be brief", "user: again");
        assertThat(turns.takeBack()).isEmpty();
    }

    @Test
    void aNewCallIsToldEverything() {
        turns.answered("hello", "hi", 1);
        turns.callEnded();

        Turn turn = turns.next("more");

        assertThat(turn.getAfterTurn()).isZero();
        assertThat(messages(turn)).containsExactly("system: be brief", "user: hello", "assistant: hi", "user: more");
    }

    @Test
    void aClearedConversationIsForgotten() {
        turns.answered("hello", "hi", 1);
        turns.clear();

        assertThat(turns.next("more").getMessagesList())
                .extracting(ChatMessage::getContent)
                .containsExactly("be brief", "more");
    }
}
