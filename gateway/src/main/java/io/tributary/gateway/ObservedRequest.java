package io.tributary.gateway;

import io.tributary.proto.gateway.v1.Finished;
import io.tributary.proto.gateway.v1.GenerateResponse;
import io.tributary.proto.gateway.v1.Started;
import org.jspecify.annotations.Nullable;

/**
 * What the metrics and the trace are told of one request, from its arrival to its end. Its clock starts with it, and counts
 * what a slow client makes the stream wait. Thread-safe.
 */
final class ObservedRequest {
    private final ServedCall call;
    private final RequestMetrics metrics;
    private final RequestSpan span;
    private final boolean measured;
    private final long arrival = System.nanoTime();
    private @Nullable RequestMeters meters;
    private int promptTokens;
    private int tokens;
    private long firstToken;
    private long lastToken;
    private boolean over;

    /**
     * @param call the client's
     * @param measured whether its times and tokens count: those of a stream that goes on from another do not
     */
    ObservedRequest(ServedCall call, RequestMetrics metrics, RequestSpan span, boolean measured) {
        this.call = call.within(span.trace());
        this.metrics = metrics;
        this.span = span;
        this.measured = measured;
        if (measured) {
            metrics.arrived();
        } else {
            span.resumed();
        }
    }

    /** The call, whose own calls and records belong to the request's span. */
    ServedCall call() {
        return call;
    }

    /** The request is checked, and about to begin. */
    void admitted(Admission admission) {
        span.admitted(admission);
    }

    /** A response is on its way to the client. */
    synchronized void response(GenerateResponse response) {
        if (over) {
            return;
        }
        switch (response.getEventCase()) {
            case STARTED -> began(response.getStarted());
            case TOKEN -> token(System.nanoTime());
            case FINISHED -> finished(response.getFinished());
            case PROMPT_ROUTING -> {
                // It comes with the first token, which is counted.
            }
            case EVENT_NOT_SET -> throw new IllegalStateException("a response without an event");
        }
    }

    private void began(Started started) {
        promptTokens = started.getPromptTokens();
        span.began(started.getModel(), promptTokens);
        if (measured) {
            meters = metrics.of(started.getModel());
            metrics.began();
        }
    }

    private void token(long now) {
        RequestMeters ofModel = meters;
        if (tokens == 0) {
            firstToken = now;
            span.firstToken(now - arrival);
            if (ofModel != null) {
                ofModel.firstToken(promptTokens, now - arrival);
            }
        } else if (ofModel != null) {
            ofModel.nextToken(now - lastToken);
        }
        tokens++;
        lastToken = now;
    }

    private void finished(Finished finished) {
        over = true;
        span.finished(finished);
        RequestMeters ofModel = meters;
        if (ofModel != null) {
            metrics.ended();
            ofModel.finished(
                    finished.getReason(),
                    finished.getPromptTokens(),
                    finished.getGeneratedTokens(),
                    System.nanoTime() - arrival,
                    lastToken - firstToken);
        }
    }

    /** The request was refused, or broke off. */
    synchronized void failed(Throwable failure) {
        if (!over) {
            over = true;
            span.failed(failure, tokens);
            brokeOff(failure);
        }
    }

    /** The client wants no more of it. */
    synchronized void cancelled() {
        if (!over) {
            over = true;
            span.cancelled(tokens);
            brokeOff(null);
        }
    }

    private void brokeOff(@Nullable Throwable failure) {
        RequestMeters ofModel = meters;
        if (ofModel != null) {
            metrics.ended();
            ofModel.brokeOff(failure);
        } else if (measured) {
            metrics.refused(failure == null ? io.grpc.Status.CANCELLED.asRuntimeException() : failure);
        }
    }
}
