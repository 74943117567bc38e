package io.tributary.edge;

import io.tributary.log.ActivationLog;
import io.tributary.log.InProcessLog;
import io.tributary.log.LaneBounds;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;

/** The one activation log of a process, as configured. */
@ApplicationScoped
public class ActivationLogProducer {
    @Produces
    @ApplicationScoped
    ActivationLog log(LogConfiguration configuration) {
        return switch (configuration.transport()) {
            case IN_PROCESS -> new InProcessLog(configuration.lanes(), LaneBounds.DEFAULT);
            case KAFKA -> throw new IllegalStateException("pending");
        };
    }

    void close(@Disposes ActivationLog log) {
        log.close();
    }
}
