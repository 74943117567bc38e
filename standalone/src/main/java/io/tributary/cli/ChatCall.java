package io.tributary.cli;

import io.smallrye.mutiny.operators.multi.processors.UnicastProcessor;
import io.tributary.proto.gateway.v1.CancelTurn;
import io.tributary.proto.gateway.v1.ChatRequest;
import io.tributary.proto.gateway.v1.ChatResponse;
import io.tributary.proto.gateway.v1.Turn;
import java.util.Iterator;

/** One call of `Chat`. Turns are asked for by one thread; any thread may end the answer under way. */
final class ChatCall implements AutoCloseable {
    private final UnicastProcessor<ChatRequest> requests = UnicastProcessor.create();
    private final Iterator<ChatResponse> responses;

    ChatCall(GatewayCalls gateway) {
        this.responses = gateway.chat(requests).subscribe().asIterable().iterator();
    }

    /** Asks for an answer. */
    void ask(Turn turn) {
        send(ChatRequest.newBuilder().setTurn(turn).build());
    }

    /** Ends the answer under way. */
    void cancelTurn() {
        send(ChatRequest.newBuilder().setCancel(CancelTurn.getDefaultInstance()).build());
    }

    private synchronized void send(ChatRequest request) {
        requests.onNext(request);
    }

    /**
     * The next part of an answer.
     *
     * @throws RuntimeException if the call has failed
     */
    ChatResponse next() {
        if (!responses.hasNext()) {
            throw new LostConnectionException("the gateway has ended the conversation");
        }
        return responses.next();
    }

    @Override
    public synchronized void close() {
        requests.onComplete();
    }
}
