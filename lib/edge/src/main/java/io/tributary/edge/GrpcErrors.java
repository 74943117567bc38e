package io.tributary.edge;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.QuotaFailure;
import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/** The errors that clients see: a google.rpc.Status whose details a program can read. */
public final class GrpcErrors {
    /** Where gRPC carries the details of a status. */
    private static final Metadata.Key<byte[]> DETAILS =
            Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private GrpcErrors() {}

    /** INVALID_ARGUMENT with a BadRequest that names the field. */
    public static StatusRuntimeException invalidArgument(String field, String problem) {
        BadRequest detail = BadRequest.newBuilder()
                .addFieldViolations(
                        BadRequest.FieldViolation.newBuilder().setField(field).setDescription(problem))
                .build();
        return withDetails(Code.INVALID_ARGUMENT, field + ": " + problem, detail);
    }

    /** RESOURCE_EXHAUSTED with a QuotaFailure: the request itself asks for more than there can ever be. */
    public static StatusRuntimeException limitExceeded(String subject, String problem) {
        return withDetails(Code.RESOURCE_EXHAUSTED, problem, quotaFailure(subject, problem));
    }

    /** RESOURCE_EXHAUSTED with a RetryInfo: the same request can succeed later. */
    public static StatusRuntimeException busy(String problem, java.time.Duration retryAfter) {
        return withDetails(Code.RESOURCE_EXHAUSTED, problem, retryInfo(retryAfter));
    }

    /** RESOURCE_EXHAUSTED with a QuotaFailure and a RetryInfo: the subject has used its share, and gets more later. */
    public static StatusRuntimeException quotaExceeded(String subject, String problem, java.time.Duration retryAfter) {
        return withDetails(Code.RESOURCE_EXHAUSTED, problem, quotaFailure(subject, problem), retryInfo(retryAfter));
    }

    private static QuotaFailure quotaFailure(String subject, String problem) {
        return QuotaFailure.newBuilder()
                .addViolations(
                        QuotaFailure.Violation.newBuilder().setSubject(subject).setDescription(problem))
                .build();
    }

    private static RetryInfo retryInfo(java.time.Duration retryAfter) {
        return RetryInfo.newBuilder()
                .setRetryDelay(
                        Duration.newBuilder().setSeconds(retryAfter.toSeconds()).setNanos(retryAfter.toNanosPart()))
                .build();
    }

    /** UNAVAILABLE: a part of the mesh is missing. */
    public static StatusRuntimeException unavailable(String problem) {
        return of(Code.UNAVAILABLE, problem);
    }

    /** UNIMPLEMENTED: the contract exists, the service does not do it yet. */
    public static StatusRuntimeException unimplemented(String problem) {
        return of(Code.UNIMPLEMENTED, problem);
    }

    /** An error of the given code without details. */
    public static StatusRuntimeException of(Code code, String message) {
        return Status.fromCodeValue(code.getNumber()).withDescription(message).asRuntimeException();
    }

    private static StatusRuntimeException withDetails(Code code, String message, Message... details) {
        com.google.rpc.Status.Builder status =
                com.google.rpc.Status.newBuilder().setCode(code.getNumber()).setMessage(message);
        for (Message detail : details) {
            status.addDetails(Any.pack(detail));
        }
        Metadata trailers = new Metadata();
        trailers.put(DETAILS, status.build().toByteArray());
        return Status.fromCodeValue(code.getNumber()).withDescription(message).asRuntimeException(trailers);
    }
}
