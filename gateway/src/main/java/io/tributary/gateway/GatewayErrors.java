package io.tributary.gateway;

import io.smallrye.mutiny.TimeoutException;
import io.tributary.edge.GrpcErrors;
import io.tributary.log.LaneFullException;
import io.tributary.log.LogException;
import java.time.Duration;
import java.util.concurrent.CompletionException;

/** What went wrong inside the gateway, as its clients are told. */
final class GatewayErrors {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private GatewayErrors() {}

    /** A gRPC status where there is one for the failure, otherwise the failure itself. */
    static Throwable translate(Throwable failure) {
        return switch (failure) {
            case CompletionException wrapped when wrapped.getCause() != null -> translate(wrapped.getCause());
            case LaneFullException full -> GrpcErrors.busy(String.valueOf(full.getMessage()), RETRY_AFTER);
            case LogException log -> GrpcErrors.unavailable("the activation log: " + log.getMessage());
            case TimeoutException _ -> GrpcErrors.unavailable("another service did not answer in time");
            default -> failure;
        };
    }
}
