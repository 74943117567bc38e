package io.tributary.gateway;

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
import org.jspecify.annotations.Nullable;

/** The answer to one turn on its way to the client, and what of it counts. Thread-safe. */
final class ChatAnswer {
    private final StringBuilder text = new StringBuilder();
    private final List<Integer> ids = new ArrayList<>();
    private @Nullable Generation generation;
    private boolean cancelled;
    private FinishReason reason = FinishReason.FINISH_REASON_UNSPECIFIED;

    /** The client wants no more of it. */
    synchronized void cancel() {
        cancelled = true;
        if (generation != null) {
            generation.cancel();
        }
    }

    /** What streams it. */
    synchronized void comesFrom(Generation stream) {
        generation = stream;
        if (cancelled) {
            stream.cancel();
        }
    }

    /**
     * A response of the stream as the client of the conversation gets it.
     *
     * @param turn its number
     * @param reused positions that were computed for earlier turns
     */
    synchronized ChatResponse response(int turn, int reused, GenerateResponse response) {
        ChatResponse.Builder event = ChatResponse.newBuilder();
        switch (response.getEventCase()) {
            case STARTED -> event.setStarted(started(turn, reused, response.getStarted()));
            case TOKEN -> event.setToken(counted(response.getToken()));
            case FINISHED -> event.setFinished(finished(turn, response.getFinished()));
            case EVENT_NOT_SET -> throw new IllegalStateException("a response without an event");
        }
        return event.build();
    }

    private static TurnStarted started(int turn, int reused, Started started) {
        return TurnStarted.newBuilder()
                .setTurn(turn)
                .setSessionId(started.getSessionId())
                .setModel(started.getModel())
                .setPromptTokens(started.getPromptTokens())
                .setReusedTokens(reused)
                .setSeed(started.getSeed())
                .build();
    }

    private Token counted(Token token) {
        ids.add(token.getId());
        text.append(token.getText());
        return token;
    }

    private TurnFinished finished(int turn, Finished finished) {
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
