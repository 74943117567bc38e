package io.tributary.gateway.access;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.Durations;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How an HTTP client is told that it is turned away: in the words of OpenAI's API, which its libraries understand. */
final class HttpRefusal {
    private static final int UNAUTHORIZED = 401;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVICE_UNAVAILABLE = 503;
    private static final int INTERNAL_SERVER_ERROR = 500;

    private HttpRefusal() {}

    /** Ends the response with the status that belongs to a gRPC error. */
    static void send(RoutingContext request, Throwable refusal) {
        HttpServerResponse response = request.response();
        disposeOfBody(request.request(), response);
        Status status = Status.fromThrowable(refusal);
        response.putHeader("Content-Type", "application/json");
        switch (status.getCode()) {
            case UNAUTHENTICATED -> {
                response.setStatusCode(UNAUTHORIZED).putHeader("WWW-Authenticate", "Bearer");
                end(response, status, "invalid_request_error", "invalid_api_key");
            }
            case RESOURCE_EXHAUSTED -> {
                retryDelay(refusal)
                        .ifPresent(delay -> response.putHeader("Retry-After", String.valueOf(Refusals.seconds(delay))));
                response.setStatusCode(TOO_MANY_REQUESTS);
                end(response, status, "requests", "rate_limit_exceeded");
            }
            case UNAVAILABLE -> end(response.setStatusCode(SERVICE_UNAVAILABLE), status, "server_error", null);
            default -> end(response.setStatusCode(INTERNAL_SERVER_ERROR), Status.INTERNAL, "server_error", null);
        }
    }

    /** A body of known length, which is within the limit, is let pass by, so that the connection can be used again. */
    private static void disposeOfBody(HttpServerRequest request, HttpServerResponse response) {
        boolean endless = request.getHeader("Transfer-Encoding") != null;
        if (request.version() == HttpVersion.HTTP_2 || !endless) {
            request.resume();
        } else {
            response.putHeader("Connection", "close");
        }
    }

    private static void end(HttpServerResponse response, Status status, String type, @Nullable String code) {
        JsonObject error = new JsonObject()
                .put("message", status.getDescription())
                .put("type", type)
                .putNull("param")
                .put("code", code);
        response.end(new JsonObject().put("error", error).encode());
    }

    private static Optional<Duration> retryDelay(Throwable refusal) {
        com.google.rpc.Status status = StatusProto.fromThrowable(refusal);
        return status == null
                ? Optional.empty()
                : status.getDetailsList().stream()
                        .filter(detail -> detail.is(RetryInfo.class))
                        .map(HttpRefusal::delay)
                        .findFirst();
    }

    private static Duration delay(Any retryInfo) {
        try {
            return Duration.ofNanos(
                    Durations.toNanos(retryInfo.unpack(RetryInfo.class).getRetryDelay()));
        } catch (InvalidProtocolBufferException unreadable) {
            throw new IllegalStateException("a detail that this process made cannot be read", unreadable);
        }
    }
}
