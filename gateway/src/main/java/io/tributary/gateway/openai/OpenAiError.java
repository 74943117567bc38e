package io.tributary.gateway.openai;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An error as OpenAI's clients read it.
 *
 * @param status of the HTTP response
 * @param message for people
 * @param type the kind of error, for programs
 * @param param the field of the request that is wrong, if it is one
 * @param code what exactly is wrong, if there is a name for it
 * @param retryAfter when the same request may succeed, if it may
 */
record OpenAiError(
        @JsonIgnore int status,
        String message,
        String type,
        @Nullable String param,
        @Nullable String code,
        @JsonIgnore @Nullable Duration retryAfter) {
    static final String INVALID_REQUEST = "invalid_request_error";
    static final String SERVER_ERROR = "server_error";

    /** The body of a response with an error. */
    record Body(OpenAiError error) {}

    static OpenAiError invalidRequest(int status, String message) {
        return new OpenAiError(status, message, INVALID_REQUEST, null, null, null);
    }

    static OpenAiError invalidField(String param, String message, @Nullable String code) {
        return new OpenAiError(400, message, INVALID_REQUEST, param, code, null);
    }

    static OpenAiError server(int status, String message, @Nullable Duration retryAfter) {
        return new OpenAiError(status, message, SERVER_ERROR, null, null, retryAfter);
    }

    /** Status 429: the same request may succeed later. */
    static OpenAiError busy(String message, Duration retryAfter) {
        return new OpenAiError(429, message, "requests", null, "rate_limit_exceeded", retryAfter);
    }

    Body body() {
        return new Body(this);
    }
}
