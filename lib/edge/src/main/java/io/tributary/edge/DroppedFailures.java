package io.tributary.edge;

import io.grpc.Status;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jboss.logging.Logger;

/**
 * Reports failures that nobody listened for any more. That a call was cancelled is none: it is what comes of a client that goes
 * away, or of a text that is complete before the model is.
 */
@ApplicationScoped
public class DroppedFailures {
    private static final Logger LOG = Logger.getLogger(DroppedFailures.class);

    void onStart(@Observes StartupEvent event) {
        Infrastructure.setDroppedExceptionHandler(DroppedFailures::report);
    }

    private static void report(Throwable failure) {
        if (Status.fromThrowable(failure).getCode() != Status.Code.CANCELLED) {
            LOG.warn("a failure came when nobody listened any more", failure);
        }
    }
}
