package io.tributary.gateway;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.mutiny.subscription.MultiEmitter;
import io.tributary.edge.GrpcErrors;
import io.tributary.proto.gateway.v1.ChatRequest;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What the client of a conversation asks for: turns wait here for those before them, and cancellations find the answer
 * under way. Thread-safe.
 */
final class ChatTurns {
    /** Turns that may be unanswered; the client's messages are read as they come, whether anybody waits for them or not. */
    static final int MOST_UNANSWERED = 16;

    /** Those that the client has not seen the end of, the oldest first. */
    private final Deque<ChatTurn> unanswered = new ArrayDeque<>();

    private long unansweredBytes;
    private @Nullable MultiEmitter<? super ChatTurn> turns;

    /** The turns of a call, in order. Fails if the client sends what is no request, or too many of them. */
    Multi<ChatTurn> of(Multi<ChatRequest> requests) {
        return Multi.createFrom().emitter(emitter -> {
            synchronized (this) {
                turns = emitter;
            }
            Cancellable reading =
                    requests.subscribe().with(request -> take(request, emitter), emitter::fail, emitter::complete);
            emitter.onTermination(reading::cancel);
        });
    }

    private void take(ChatRequest request, MultiEmitter<? super ChatTurn> emitter) {
        switch (request.getActionCase()) {
            case TURN -> {
                ChatTurn turn = new ChatTurn(request.getTurn(), new ChatAnswer());
                if (add(turn)) {
                    emitter.emit(turn);
                } else {
                    emitter.fail(GrpcErrors.limitExceeded(
                            "conversation",
                            "the turns that are unanswered are more than %d, or have more than %,d bytes; wait for an answer before another turn"
                                    .formatted(MOST_UNANSWERED, Conversation.MOST_BYTES)));
                }
            }
            case CANCEL -> cancel();
            case ACTION_NOT_SET -> emitter.fail(GrpcErrors.invalidArgument("action", "is missing; set turn or cancel"));
        }
    }

    private synchronized boolean add(ChatTurn turn) {
        long bytes = unansweredBytes + turn.turn().getSerializedSize();
        if (unanswered.size() >= MOST_UNANSWERED || bytes > Conversation.MOST_BYTES) {
            return false;
        }
        unansweredBytes = bytes;
        return unanswered.add(turn);
    }

    private void cancel() {
        ChatTurn underWay;
        synchronized (this) {
            underWay = unanswered.peek();
        }
        if (underWay != null) {
            underWay.answer().cancel();
        }
    }

    /** The client gets the end of an answer now: what it cancels from here on is the next one. */
    synchronized void answered(ChatTurn turn) {
        if (unanswered.remove(turn)) {
            unansweredBytes -= turn.turn().getSerializedSize();
        }
    }

    /** Ends the conversation for a client that asks for nothing. */
    synchronized void fail(Throwable reason) {
        if (turns != null && unanswered.isEmpty()) {
            turns.fail(reason);
        }
    }
}
