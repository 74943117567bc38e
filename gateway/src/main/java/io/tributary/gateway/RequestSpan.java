package io.tributary.gateway;

import io.grpc.Status;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.tributary.edge.TraceContext;
import io.tributary.edge.Tracing;
import io.tributary.models.sampling.SamplingParameters;
import io.tributary.proto.gateway.v1.FinishReason;
import io.tributary.proto.gateway.v1.Finished;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * The span of one request below the client's. It has neither prompts nor answers, nor the id of the session, which is a
 * secret, nor messages of errors, which may quote either.
 */
final class RequestSpan {
    private static final String PROVIDER = "tributary";
    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Span span;
    private final String operation;
    private final TraceContext trace;

    /** @param operation as the conventions name it, like chat */
    RequestSpan(Tracing tracing, String operation, TraceContext parent) {
        this.operation = operation;
        this.span = tracing.span(operation, parent)
                .setSpanKind(SpanKind.SERVER)
                .setAttribute(GenAiAttributes.OPERATION_NAME, operation)
                .setAttribute(GenAiAttributes.PROVIDER_NAME, PROVIDER)
                .startSpan();
        this.trace = tracing.within(span, parent);
    }

    /** What calls and records carry that belong to the request. */
    TraceContext trace() {
        return trace;
    }

    /** The session goes on from an earlier stream. */
    void resumed() {
        span.setAttribute("tributary.resumed", true);
    }

    /** The request is checked, and the model known. */
    void admitted(Admission admission) {
        SamplingParameters sampling = admission.request().sampling().parameters();
        span.setAttribute(GenAiAttributes.REQUEST_TEMPERATURE, (double) sampling.temperature());
        span.setAttribute(
                GenAiAttributes.REQUEST_TOP_P, (double) sampling.truncation().topP());
        span.setAttribute(
                GenAiAttributes.REQUEST_TOP_K, (double) sampling.truncation().topK());
        span.setAttribute(GenAiAttributes.REQUEST_FREQUENCY_PENALTY, (double)
                sampling.penalties().frequency());
        span.setAttribute(GenAiAttributes.REQUEST_PRESENCE_PENALTY, (double)
                sampling.penalties().presence());
        span.setAttribute(GenAiAttributes.REQUEST_MAX_TOKENS, (long) admission.maximalTokens());
        span.setAttribute(GenAiAttributes.REQUEST_SEED, sampling.seed());
    }

    /** The session has begun. */
    void began(String model, int promptTokens) {
        span.updateName(operation + " " + model);
        span.setAttribute(GenAiAttributes.REQUEST_MODEL, model);
        span.setAttribute(GenAiAttributes.RESPONSE_MODEL, model);
        span.setAttribute(GenAiAttributes.USAGE_INPUT_TOKENS, (long) promptTokens);
    }

    /** The first token has come. */
    void firstToken(long nanosSinceArrival) {
        span.setAttribute(GenAiAttributes.RESPONSE_TIME_TO_FIRST_CHUNK, nanosSinceArrival / NANOS);
    }

    /** The request has come to its end. */
    void finished(Finished finished) {
        span.setAttribute(GenAiAttributes.RESPONSE_FINISH_REASONS, List.of(name(finished.getReason())));
        span.setAttribute(GenAiAttributes.USAGE_OUTPUT_TOKENS, (long) finished.getGeneratedTokens());
        span.end();
    }

    /** A request that generates nothing has its answer. */
    void answered() {
        span.end();
    }

    private static String name(FinishReason reason) {
        return switch (reason) {
            case FINISH_REASON_END_OF_TEXT, FINISH_REASON_STOP_TEXT -> "stop";
            case FINISH_REASON_LENGTH -> "length";
            case FINISH_REASON_CANCELLED -> "cancelled";
            case FINISH_REASON_UNSPECIFIED, UNRECOGNIZED -> "unknown";
        };
    }

    /**
     * The request broke off.
     *
     * @param tokens that the client got
     */
    void failed(Throwable failure, int tokens) {
        span.setStatus(StatusCode.ERROR);
        brokeOff(Status.fromThrowable(GatewayErrors.translate(failure)).getCode(), tokens);
    }

    /**
     * The client wants no more.
     *
     * @param tokens that it got
     */
    void cancelled(int tokens) {
        brokeOff(Status.Code.CANCELLED, tokens);
    }

    private void brokeOff(Status.Code code, int tokens) {
        span.setAttribute(GenAiAttributes.ERROR_TYPE, code.name().toLowerCase(Locale.ROOT));
        span.setAttribute(GenAiAttributes.USAGE_OUTPUT_TOKENS, (long) tokens);
        span.end();
    }
}
