package io.tributary.gateway;

import io.tributary.gateway.ConversationSession.Begun;
import io.tributary.proto.gateway.v1.ChatResponse;
import io.tributary.proto.gateway.v1.FinishReason;
import io.tributary.proto.gateway.v1.Finished;
import io.tributary.proto.gateway.v1.GenerateResponse;
import io.tributary.proto.gateway.v1.Started;
import io.tributary.proto.gateway.v1.Token;
import io.tributary.proto.gateway.v1.TurnFinished;
import io.tributary.proto.gateway.v1.TurnStarted;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The answer to one turn on its way to the client, and what of it counts. Thread-safe. */
final class ChatAnswer {
    private final StringBuilder text = new StringBuilder();
    private final List<Integer> ids = new ArrayList<>();
    private @Nullable Begun begun;
    private int turn;
    private boolean cancelled;
    private FinishReason reason = FinishReason.FINISH_REASON_UNSPECIFIED;

    /** The client wants no more of it. */
    synchronized void cancel() {
        cancelled = true;
        Begun current = begun;
        if (current != null) {
            current.generation().cancel();
        }
    }

    /**
     * It has begun.
     *
     * @param number of its turn
     */
    synchronized void begin(Begun started, int number) {
        begun = started;
        turn = number;
        if (cancelled) {
            started.generation().cancel();
        }
    }

    /** What streams it. */
    synchronized Begun begun() {
        return Objects.requireNonNull(begun, "the answer has not begun");
    }

    /** A response of the stream as the client of the conversation gets it. */
    synchronized ChatResponse response(GenerateResponse response) {
        ChatResponse.Builder event = ChatResponse.newBuilder();
        switch (response.getEventCase()) {
            case STARTED -> event.setStarted(started(response.getStarted()));
            case TOKEN -> event.setToken(counted(response.getToken()));
            case FINISHED -> event.setFinished(finished(response.getFinished()));
            case PROMPT_ROUTING -> throw new IllegalStateException("no conversation asks for routing");
            case EVENT_NOT_SET -> throw new IllegalStateException("a response without an event");
        }
        return event.build();
    }

    private TurnStarted started(Started started) {
        return TurnStarted.newBuilder()
                .setTurn(turn)
                .setSessionId(started.getSessionId())
                .setModel(started.getModel())
                .setPromptTokens(started.getPromptTokens())
                .setReusedTokens(begun().reused())
                .setSeed(started.getSeed())
                .build();
    }

    private Token counted(Token token) {
        ids.add(token.getId());
        text.append(token.getText());
        return token;
    }

    private TurnFinished finished(Finished finished) {
        text.append(finished.getText());
        reason = finished.getReason();
        return TurnFinished.newBuilder()
                .setTurn(turn)
                .setReason(finished.getReason())
                .setText(finished.getText())
                .setGeneratedTokens(finished.getGeneratedTokens())
                .build();
    }

    /** Its text so far. */
    synchronized String text() {
        return text.toString();
    }

    /** Its tokens so far. */
    synchronized List<Integer> ids() {
        return List.copyOf(ids);
    }

    /** Whether the last stage has ended it, so that nothing is under way any more. */
    synchronized boolean endedByItself() {
        return reason == FinishReason.FINISH_REASON_END_OF_TEXT || reason == FinishReason.FINISH_REASON_LENGTH;
    }
}
