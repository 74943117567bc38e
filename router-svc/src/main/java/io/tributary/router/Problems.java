package io.tributary.router;

import com.google.rpc.Code;
import com.google.rpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Objects;

/** Why a request, a sequence or work has failed, as messages carry it. */
final class Problems {
    private Problems() {}

    static Status invalidArgument(String message) {
        return of(Code.INVALID_ARGUMENT, message);
    }

    static Status failedPrecondition(String message) {
        return of(Code.FAILED_PRECONDITION, message);
    }

    static Status unavailable(String message) {
        return of(Code.UNAVAILABLE, message);
    }

    /** The reason as an error of a call. */
    static StatusRuntimeException exception(Status reason) {
        return io.grpc.Status.fromCodeValue(reason.getCode())
                .withDescription(reason.getMessage())
                .asRuntimeException();
    }

    static Status of(Code code, String message) {
        return Status.newBuilder().setCode(code.getNumber()).setMessage(message).build();
    }

    /** What an exception says of itself. */
    static String messageOf(Throwable failure) {
        return Objects.requireNonNullElse(failure.getMessage(), failure.toString());
    }
}
