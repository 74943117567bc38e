package io.tributary.gateway;

import com.google.rpc.Code;
import io.tributary.edge.GrpcErrors;
import io.tributary.proto.gateway.v1.ChatMessage;
import io.tributary.proto.gateway.v1.ChatPrompt;
import io.tributary.proto.gateway.v1.Turn;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What was said in the turns of one conversation. Turns form a tree, since a turn may come behind any earlier one. Used by
 * one thread at a time.
 */
final class Conversation {
    /** Turns of one conversation, branches included. */
    static final int MOST_TURNS = 1024;

    /** Bytes of all messages of one conversation; what is rendered must fit into a call of the tokenizer. */
    static final int MOST_BYTES = 3 << 20;

    private static final String ASSISTANT = "assistant";

    /** A turn that was answered. */
    private record Answered(int after, List<ChatMessage> messages, ChatMessage answer) {}

    private final List<Answered> turns = new ArrayList<>();
    private List<String> tools = List.of();
    private String templateVariables = "";
    private long bytes;

    /** The number that the next turn gets. */
    int nextTurn() {
        return turns.size() + 1;
    }

    /**
     * The conversation up to a turn that is to be answered.
     *
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT, naming the field; NOT_FOUND if it comes behind a turn that
     *     there is not; RESOURCE_EXHAUSTED if the conversation is too long
     */
    ChatPrompt prompt(Turn turn) {
        check(turn);
        if (turns.isEmpty()) {
            tools = turn.getToolsList();
            templateVariables = turn.getTemplateVariables();
        }
        return ChatPrompt.newBuilder()
                .addAllMessages(behind(after(turn)))
                .addAllMessages(turn.getMessagesList())
                .addAllTools(tools)
                .setTemplateVariables(templateVariables)
                .build();
    }

    /** Notes the answer to a turn. */
    void answered(Turn turn, String answer) {
        ChatMessage message =
                ChatMessage.newBuilder().setRole(ASSISTANT).setContent(answer).build();
        bytes += size(turn) + message.getSerializedSize();
        turns.add(new Answered(after(turn), turn.getMessagesList(), message));
    }

    /** The turn that a turn comes behind; 0 for none. */
    private int after(Turn turn) {
        return turn.hasAfterTurn() ? turn.getAfterTurn() : turns.size();
    }

    private List<ChatMessage> behind(int last) {
        Deque<Answered> path = new ArrayDeque<>();
        for (int turn = last; turn > 0; turn = path.peek().after()) {
            path.push(turns.get(turn - 1));
        }
        List<ChatMessage> messages = new ArrayList<>();
        for (Answered turn : path) {
            messages.addAll(turn.messages());
            messages.add(turn.answer());
        }
        return messages;
    }

    private void check(Turn turn) {
        if (turn.getMessagesCount() == 0) {
            throw GrpcErrors.invalidArgument("messages", "is empty; at least one message is needed");
        }
        if (!turns.isEmpty() && turn.getToolsCount() > 0) {
            throw GrpcErrors.invalidArgument("tools", "is set in turn " + nextTurn() + "; only the first one may");
        }
        if (!turns.isEmpty() && !turn.getTemplateVariables().isEmpty()) {
            throw GrpcErrors.invalidArgument(
                    "template_variables", "is set in turn " + nextTurn() + "; only the first one may");
        }
        int after = after(turn);
        if (after < 0 || after > turns.size()) {
            throw GrpcErrors.of(
                    Code.NOT_FOUND,
                    "after_turn: is %s; the conversation has %d turns so far"
                            .formatted(Integer.toUnsignedString(after), turns.size()));
        }
        if (turns.size() >= MOST_TURNS) {
            throw GrpcErrors.limitExceeded(
                    "conversation", "has %,d turns, as many as one call may; begin another".formatted(MOST_TURNS));
        }
        if (bytes + size(turn) > MOST_BYTES) {
            throw GrpcErrors.limitExceeded(
                    "conversation",
                    "the messages of its turns, branches included, have more than the %,d bytes that one call may; begin another"
                            .formatted(MOST_BYTES));
        }
    }

    private static long size(Turn turn) {
        return turn.getSerializedSize();
    }
}
