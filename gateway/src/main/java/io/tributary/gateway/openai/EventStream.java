package io.tributary.gateway.openai;

import io.smallrye.mutiny.subscription.MultiSubscriber;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/**
 * Writes server-sent events to a client as fast as it reads them, and no faster: the next event is asked for when the
 * connection takes it. For one stream; its methods are called on the event loop of the connection.
 */
final class EventStream implements MultiSubscriber<String> {
    private static final String END = "data: [DONE]\n\n";

    private final HttpServerResponse response;
    private final Executor eventLoop;
    private final Consumer<Throwable> refusal;
    private Flow.Subscription subscription = new Flow.Subscription() {
        @Override
        public void request(long number) {}

        @Override
        public void cancel() {}
    };

    /**
     * @param response nothing of which is written yet
     * @param eventLoop of the connection
     * @param refusal answers a failure that comes before the first event
     */
    EventStream(HttpServerResponse response, Executor eventLoop, Consumer<Throwable> refusal) {
        this.response = response;
        this.eventLoop = eventLoop;
        this.refusal = refusal;
    }

    /** The client is gone. */
    void cancel() {
        subscription.cancel();
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        this.subscription = subscription;
        subscription.request(1);
    }

    @Override
    public void onItem(String document) {
        if (response.closed()) {
            subscription.cancel();
            return;
        }
        writeHead();
        response.write(event(document));
        if (response.writeQueueFull()) {
            response.drainHandler(drained -> subscription.request(1));
        } else {
            // In a turn of its own, so that a long backlog leaves the event loop to others in between.
            eventLoop.execute(() -> subscription.request(1));
        }
    }

    private void writeHead() {
        if (!response.headWritten()) {
            response.setChunked(true)
                    .putHeader("content-type", "text/event-stream; charset=utf-8")
                    .putHeader("cache-control", "no-cache");
        }
    }

    @Override
    public void onFailure(Throwable failure) {
        if (response.closed() || response.ended()) {
            return;
        }
        if (response.headWritten()) {
            response.end(event(Json.write(OpenAiErrors.of(failure).body())));
        } else {
            refusal.accept(failure);
        }
    }

    @Override
    public void onCompletion() {
        if (!response.closed() && !response.ended()) {
            writeHead();
            response.end(END);
        }
    }

    private static String event(String document) {
        return "data: " + document + "\n\n";
    }
}
