package io.tributary.gateway.access;

import com.google.rpc.Code;
import io.grpc.StatusRuntimeException;
import io.tributary.edge.GrpcErrors;
import java.time.Duration;

/** Why a caller is turned away. */
final class Refusals {
    private Refusals() {}

    /** UNAUTHENTICATED: the caller did not show who he is. */
    static StatusRuntimeException unauthenticated(String problem) {
        return GrpcErrors.of(Code.UNAUTHENTICATED, problem);
    }

    /** RESOURCE_EXHAUSTED: the caller has used what he may, and may again later. */
    static StatusRuntimeException spent(Caller caller, String problem, Duration retryAfter) {
        return GrpcErrors.quotaExceeded(
                caller.subject(), "%s; try again in %d s".formatted(problem, seconds(retryAfter)), retryAfter);
    }

    /** RESOURCE_EXHAUSTED: the request asks for more than the caller may have at any time. */
    static StatusRuntimeException tooLarge(Caller caller, String problem) {
        return GrpcErrors.limitExceeded(caller.subject(), problem);
    }

    /** Whole seconds, rounded up, at least one. */
    static long seconds(Duration retryAfter) {
        return Math.max(1, retryAfter.plusNanos(999_999_999).toSeconds());
    }
}
