package io.tributary.gateway.openai;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.QuotaFailure;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Failures of the gRPC contract as errors of the HTTP API. */
final class OpenAiErrors {
    private static final Logger LOG = Logger.getLogger(OpenAiErrors.class);
    private static final Duration RETRY_LATER = Duration.ofSeconds(1);

    /** Fields that have another name in the contract. */
    private static final Map<String, String> PARAMS = Map.of(
            "prompt_tokens", "prompt",
            "texts", "input",
            "ids", "tokens",
            "constraint", "response_format",
            "constraint.json_schema", "response_format",
            "constraint.regular_expression", "guided_regex",
            "constraint.gbnf", "guided_grammar",
            "template_variables", "chat_template_kwargs",
            "variables", "chat_template_kwargs");

    private OpenAiErrors() {}

    /** What the client is told of a failure; one that nobody translated is logged, and said to be internal. */
    static OpenAiError of(Throwable failure) {
        if (failure instanceof OpenAiException refused) {
            return refused.error();
        }
        Status status = Status.fromThrowable(failure);
        String message = status.getDescription() == null ? status.getCode().name() : status.getDescription();
        return switch (status.getCode()) {
            case INVALID_ARGUMENT, OUT_OF_RANGE, FAILED_PRECONDITION, ALREADY_EXISTS, ABORTED ->
                invalid(failure, message);
            case UNIMPLEMENTED -> new OpenAiError(400, message, OpenAiError.INVALID_REQUEST, null, "unsupported", null);
            case RESOURCE_EXHAUSTED -> exhausted(failure, message);
            case NOT_FOUND -> OpenAiError.invalidRequest(404, message);
            case UNAUTHENTICATED ->
                new OpenAiError(401, message, OpenAiError.INVALID_REQUEST, null, "invalid_api_key", null);
            case PERMISSION_DENIED -> new OpenAiError(403, message, "permission_error", null, null, null);
            case UNAVAILABLE -> OpenAiError.server(503, message, retryAfter(failure));
            case DEADLINE_EXCEEDED -> OpenAiError.server(504, message, null);
            case CANCELLED -> OpenAiError.server(503, "the session was ended: " + message, null);
            case OK, UNKNOWN, INTERNAL, DATA_LOSS -> internal(failure);
        };
    }

    private static OpenAiError internal(Throwable failure) {
        LOG.error("A request failed with an error that no service translated", failure);
        return OpenAiError.server(500, "internal error; the service's log has the cause", null);
    }

    private static OpenAiError invalid(Throwable failure, String message) {
        return detail(failure, BadRequest.class)
                .filter(request -> request.getFieldViolationsCount() > 0)
                .map(request -> request.getFieldViolations(0))
                .map(violation -> {
                    String param = param(violation.getField());
                    return OpenAiError.invalidField(param, param + ": " + violation.getDescription(), null);
                })
                .orElseGet(() -> OpenAiError.invalidRequest(400, message));
    }

    /** The name that a field of the contract has in requests; an index behind it stays. */
    private static String param(String field) {
        String inner = field.startsWith("sampling.") || field.startsWith("chat.")
                ? field.substring(field.indexOf('.') + 1)
                : field;
        int index = inner.indexOf('[');
        String name = index < 0 ? inner : inner.substring(0, index);
        return PARAMS.getOrDefault(name, name) + inner.substring(name.length());
    }

    /** More than there can ever be is a wrong request; more than there is now is one to repeat. */
    private static OpenAiError exhausted(Throwable failure, String message) {
        Optional<QuotaFailure> quota = detail(failure, QuotaFailure.class);
        if (quota.isPresent() && detail(failure, RetryInfo.class).isEmpty()) {
            boolean context = quota.get().getViolationsList().stream()
                    .anyMatch(violation -> violation.getSubject().equals("context"));
            return new OpenAiError(
                    400, message, OpenAiError.INVALID_REQUEST, null, context ? "context_length_exceeded" : null, null);
        }
        return OpenAiError.busy(message, retryAfter(failure));
    }

    private static Duration retryAfter(Throwable failure) {
        return detail(failure, RetryInfo.class)
                .map(RetryInfo::getRetryDelay)
                .map(delay -> Duration.ofSeconds(delay.getSeconds(), delay.getNanos()))
                .orElse(RETRY_LATER);
    }

    private static <T extends Message> Optional<T> detail(Throwable failure, Class<T> type) {
        com.google.rpc.Status status = StatusProto.fromThrowable(failure);
        if (status == null) {
            return Optional.empty();
        }
        return status.getDetailsList().stream()
                .filter(detail -> detail.is(type))
                .findFirst()
                .flatMap(detail -> unpacked(detail, type));
    }

    private static <T extends Message> Optional<T> unpacked(Any detail, Class<T> type) {
        try {
            return Optional.of(detail.unpack(type));
        } catch (InvalidProtocolBufferException unreadable) {
            LOG.debugf("the detail %s of a status cannot be read: %s", detail.getTypeUrl(), unreadable.getMessage());
            return Optional.empty();
        }
    }
}
