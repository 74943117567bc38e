package io.tributary.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.tributary.proto.gateway.v1.ChatMessage;
import io.tributary.proto.gateway.v1.ChatPrompt;
import io.tributary.proto.gateway.v1.Turn;
import org.junit.jupiter.api.Test;

class ConversationTest {
    private final Conversation conversation = new Conversation();

    @Test
    void messagesAndAnswersOfTheTurnsBeforeStandInFront() {
        answer(says("a"), "A");
        answer(says("b"), "B");
        answer(says("c").setAfterTurn(1), "C");

        assertThat(texts(conversation.prompt(says("d").build()))).containsExactly("a", "A", "c", "C", "d");
        assertThat(texts(conversation.prompt(says("d").setAfterTurn(2).build())))
                .containsExactly("a", "A", "b", "B", "d");
        assertThat(texts(conversation.prompt(says("d").setAfterTurn(0).build())))
                .containsExactly("d");
        assertThat(conversation.nextTurn()).isEqualTo(4);
    }

    @Test
    void toolsAndVariablesOfTheFirstTurnHoldForAll() {
        answer(says("a").addTools("{}").setTemplateVariables("{\"x\":1}"), "A");

        ChatPrompt prompt = conversation.prompt(says("b").setAfterTurn(0).build());

        assertThat(prompt.getToolsList()).containsExactly("{}");
        assertThat(prompt.getTemplateVariables()).isEqualTo("{\"x\":1}");
        assertRefused(says("b").addTools("{}"), Status.Code.INVALID_ARGUMENT, "tools");
        assertRefused(says("b").setTemplateVariables("{}"), Status.Code.INVALID_ARGUMENT, "template_variables");
    }

    @Test
    void aTurnThatThereIsNotIsNotFound() {
        answer(says("a"), "A");

        assertRefused(says("b").setAfterTurn(2), Status.Code.NOT_FOUND, "after_turn: is 2");
        assertRefused(says("b").setAfterTurn(-1), Status.Code.NOT_FOUND, "after_turn: is 4294967295");
    }

    @Test
    void aConversationHasABoundedNumberOfTurns() {
        for (int turn = 0; turn < Conversation.MOST_TURNS; turn++) {
            answer(says("a"), "A");
        }

        assertRefused(says("b"), Status.Code.RESOURCE_EXHAUSTED, "1,024 turns");
    }

    @Test
    void aConversationHasABoundedSizeBranchesIncluded() {
        String half = "x".repeat(Conversation.MOST_BYTES / 2);
        answer(says(half).setAfterTurn(0), "A");

        assertRefused(says(half).setAfterTurn(0), Status.Code.RESOURCE_EXHAUSTED, "bytes");
        assertThat(texts(conversation.prompt(says("b").setAfterTurn(0).build())))
                .containsExactly("b");
    }

    private void answer(Turn.Builder turn, String answer) {
        Turn asked = turn.build();
        assertThat(conversation.prompt(asked).getMessagesCount()).isPositive();
        conversation.answered(asked, answer);
    }

    private void assertRefused(Turn.Builder turn, Status.Code code, String named) {
        assertThatThrownBy(() -> conversation.prompt(turn.build())).satisfies(error -> {
            assertThat(Status.fromThrowable(error).getCode()).isEqualTo(code);
            assertThat(Status.fromThrowable(error).getDescription()).contains(named);
        });
    }

    private static Iterable<String> texts(ChatPrompt prompt) {
        return prompt.getMessagesList().stream().map(ChatMessage::getContent).toList();
    }

    private static Turn.Builder says(String text) {
        return Turn.newBuilder()
                .addMessages(ChatMessage.newBuilder().setRole("user").setContent(text));
    }
}
