package io.tributary.gateway.openai;

import io.grpc.Context;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.tributary.edge.TraceContext;
import io.tributary.gateway.access.Caller;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** One HTTP request and its response. */
final class HttpExchange {
    private static final String JSON = "application/json";
    private static final String PROBLEM = "application/problem+json";

    private final RoutingContext routing;
    private final HttpServerResponse response;
    private final Executor eventLoop;
    private final Caller caller = Caller.current();
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();

    /** What RFC 9457 calls a problem. */
    record Problem(String type, String title, int status, String detail) {}

    /** On the event loop of the request's connection. */
    HttpExchange(RoutingContext routing) {
        this.routing = routing;
        this.response = routing.response();
        var context = routing.vertx().getOrCreateContext();
        this.eventLoop = task -> context.runOnContext(ignored -> task.run());
        routing.addEndHandler(outcome -> ended.complete(outcome.succeeded()));
    }

    /** Who asks, and within which trace, where the gateway's calls look for it. */
    Context grpcContext() {
        TraceContext trace = TraceContext.of(
                routing.request().getHeader("traceparent"), routing.request().getHeader("tracestate"));
        return caller.in(Context.ROOT.withValue(TraceContext.KEY, trace));
    }

    byte[] body() {
        var buffer = routing.body().buffer();
        return buffer == null ? new byte[0] : buffer.getBytes();
    }

    void reply(Endpoint.Reply reply) {
        switch (reply) {
            case Endpoint.Document document -> document(document.value());
            case Endpoint.Events events -> events(events.values());
        }
    }

    /** Writes a document when it is there; a client that goes away before cancels it. */
    void document(Uni<?> value) {
        var waiting =
                value.map(Json::write).emitOn(eventLoop).subscribe().with(text -> write(200, JSON, text), this::refuse);
        var _ = ended.thenRun(waiting::cancel);
    }

    private void events(Multi<?> values) {
        EventStream stream = new EventStream(response, eventLoop, this::refuse);
        values.map(Json::write).emitOn(eventLoop, 1).subscribe().withSubscriber(stream);
        var _ = ended.thenRun(stream::cancel);
    }

    /** Answers with an error. */
    void refuse(Throwable failure) {
        refuse(OpenAiErrors.of(failure));
    }

    /** Answers with an error. */
    void refuse(OpenAiError error) {
        eventLoop.execute(() -> {
            if (response.headWritten() || response.closed()) {
                return;
            }
            if (error.retryAfter() != null) {
                long seconds = Math.max(1, error.retryAfter().plusMillis(999).toSeconds());
                response.putHeader("retry-after", Long.toString(seconds));
            }
            if (error.status() == 401) {
                response.putHeader("www-authenticate", "Bearer");
            }
            write(error.status(), JSON, Json.write(error.body()));
        });
    }

    /** Answers with an error before the body was read, which therefore never is. */
    void refuseUnread(OpenAiError error) {
        closeAfterwards();
        refuse(error);
    }

    /** Answers that nothing is there. */
    void notFound() {
        closeAfterwards();
        String path = routing.request().path();
        write(
                404,
                PROBLEM,
                Json.write(new Problem(
                        "about:blank",
                        "Not Found",
                        404,
                        "nothing is served at " + (path.length() <= 200 ? path : path.substring(0, 200) + "..."))));
    }

    /** A body that nobody reads stands in the way of the next request on a connection of HTTP/1. */
    private void closeAfterwards() {
        if (routing.request().version() != HttpVersion.HTTP_2) {
            response.putHeader("connection", "close");
        }
    }

    private void write(int status, String type, String text) {
        if (!response.ended() && !response.closed()) {
            response.setStatusCode(status).putHeader("content-type", type).end(text);
        }
    }
}
