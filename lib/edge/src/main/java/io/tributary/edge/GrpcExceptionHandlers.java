package io.tributary.edge;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.quarkus.grpc.ExceptionHandler;
import io.quarkus.grpc.ExceptionHandlerProvider;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;

/** Keeps what is not meant for clients from them: an error that is no gRPC status becomes INTERNAL, and is logged. */
@ApplicationScoped
public class GrpcExceptionHandlers implements ExceptionHandlerProvider {
    private static final Logger LOG = Logger.getLogger(GrpcExceptionHandlers.class);

    @Override
    public <I, O> ExceptionHandler<I, O> createHandler(
            ServerCall.Listener<I> listener, ServerCall<I, O> call, Metadata metadata) {
        return new ClosingHandler<>(listener, call, metadata);
    }

    @Override
    public Throwable transform(Throwable error) {
        if (error.getCause() instanceof InvalidProtocolBufferException unreadable) {
            return Status.INVALID_ARGUMENT
                    .withDescription("the request cannot be read: " + unreadable.getMessage())
                    .asRuntimeException();
        }
        if (error instanceof StatusRuntimeException || error instanceof StatusException) {
            return error;
        }
        LOG.error("A call failed with an error that no service translated", error);
        return Status.INTERNAL
                .withDescription("internal error; the service's log has the cause")
                .asRuntimeException();
    }

    private final class ClosingHandler<I, O> extends ExceptionHandler<I, O> {
        private boolean closed;

        ClosingHandler(ServerCall.Listener<I> listener, ServerCall<I, O> call, Metadata metadata) {
            super(listener, call, metadata);
        }

        @Override
        protected void handleException(Throwable error, ServerCall<I, O> call, Metadata metadata) {
            if (closed) {
                return;
            }
            closed = true;
            Throwable status = transform(error);
            Metadata trailers = Status.trailersFromThrowable(status);
            call.close(Status.fromThrowable(status), trailers == null ? new Metadata() : trailers);
        }
    }
}
