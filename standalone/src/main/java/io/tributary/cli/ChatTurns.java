package io.tributary.cli;

import io.tributary.proto.gateway.v1.ChatMessage;
import io.tributary.proto.gateway.v1.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A conversation as its client knows it: what was said, and which turns of the call under way it was said in. A call that
 * breaks takes the gateway's memory of the conversation with it, so the next one is told everything.
 */
final class ChatTurns {
    private static final int UNKNOWN = 0;

    /** A message and its answer, and the number of its turn in the call under way, or UNKNOWN. */
    private record Exchange(String message, String answer, int turn) {}

    private final String system;
    private final Turn sampling;
    private final List<Exchange> exchanges = new ArrayList<>();

    /**
     * @param system what the model is told before the conversation; empty for nothing
     * @param sampling the turn without messages that says how answers are generated
     */
    ChatTurns(String system, Turn sampling) {
        this.system = system;
        this.sampling = sampling;
    }

    /** The turn that asks for an answer to a message. */
    Turn next(String message) {
        Turn.Builder turn = sampling.toBuilder();
        if (!exchanges.isEmpty() && exchanges.getLast().turn() != UNKNOWN) {
            turn.setAfterTurn(exchanges.getLast().turn());
        } else {
            turn.setAfterTurn(0).addAllMessages(everythingSaid());
        }
        return turn.addMessages(said("user", message)).build();
    }

    private List<ChatMessage> everythingSaid() {
        List<ChatMessage> messages = new ArrayList<>();
        if (!system.isEmpty()) {
            messages.add(said("system", system));
        }
        for (Exchange exchange : exchanges) {
            messages.add(said("user", exchange.message()));
            messages.add(said("assistant", exchange.answer()));
        }
        return messages;
    }

    private static ChatMessage said(String role, String content) {
        return ChatMessage.newBuilder().setRole(role).setContent(content).build();
    }

    /** Keeps a message and its answer. */
    void answered(String message, String answer, int turn) {
        exchanges.add(new Exchange(message, answer, turn));
    }

    /** Takes the last message and its answer back; empty if there is none. */
    Optional<String> takeBack() {
        return exchanges.isEmpty()
                ? Optional.empty()
                : Optional.of(exchanges.removeLast().message());
    }

    /** Forgets everything that was said. */
    void clear() {
        exchanges.clear();
    }

    /** The call has ended: the next one knows nothing. */
    void callEnded() {
        exchanges.replaceAll(exchange -> new Exchange(exchange.message(), exchange.answer(), UNKNOWN));
    }
}
