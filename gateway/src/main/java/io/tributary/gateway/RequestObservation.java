package io.tributary.gateway;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.tributary.edge.Tracing;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.function.Function;

/** Measures and traces the requests that generate text, and traces those that read prompts. */
@ApplicationScoped
public class RequestObservation {
    /** Operations as OpenTelemetry's conventions name them. */
    private static final String CHAT = "chat";

    private static final String COMPLETION = "text_completion";

    /** What is asked of a prompt. */
    enum Reading {
        /** Its embedding. */
        EMBEDDING("embeddings"),
        /** How likely its tokens are, for which the conventions have no name. */
        SCORES("score");

        private final String operation;

        Reading(String operation) {
            this.operation = operation;
        }
    }

    private final RequestMetrics metrics;
    private final Tracing tracing;

    @Inject
    RequestObservation(RequestMetrics metrics, Tracing tracing) {
        this.metrics = metrics;
        this.tracing = tracing;
    }

    /**
     * Observes a request; it arrives when the stream is subscribed to.
     *
     * @param call the client's
     * @param chat whether it is a conversation
     * @param stream answers the request, and tells the observed request of each response
     */
    <T> Multi<T> generation(ServedCall call, boolean chat, Function<ObservedRequest, Multi<T>> stream) {
        return observed(call, chat ? CHAT : COMPLETION, true, stream);
    }

    /** Observes a stream that goes on from an earlier one. */
    <T> Multi<T> resumption(ServedCall call, Function<ObservedRequest, Multi<T>> stream) {
        return observed(call, COMPLETION, false, stream);
    }

    /**
     * Traces a request that reads a prompt and generates nothing.
     *
     * @param work answers it
     */
    <T> Uni<T> reading(ServedCall call, Reading reading, Function<ServedCall, Uni<T>> work) {
        return Uni.createFrom().deferred(() -> {
            RequestSpan span =
                    new RequestSpan(tracing, reading.operation, call.client().trace());
            return work.apply(call.within(span.trace()))
                    .invoke(span::answered)
                    .onFailure()
                    .invoke(failure -> span.failed(failure, 0))
                    .onCancellation()
                    .invoke(() -> span.cancelled(0));
        });
    }

    private <T> Multi<T> observed(
            ServedCall call, String operation, boolean measured, Function<ObservedRequest, Multi<T>> stream) {
        return Multi.createFrom().deferred(() -> {
            RequestSpan span = new RequestSpan(tracing, operation, call.client().trace());
            ObservedRequest request = new ObservedRequest(call, metrics, span, measured);
            return stream.apply(request)
                    .onFailure()
                    .invoke(request::failed)
                    .onCancellation()
                    .invoke(request::cancelled);
        });
    }
}
