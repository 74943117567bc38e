package io.tributary.edge;

import io.tributary.log.ActivationLog;
import io.tributary.log.InProcessLog;
import io.tributary.log.KafkaLog;
import io.tributary.log.KafkaLogConfiguration;
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
            case KAFKA ->
                new KafkaLog(new KafkaLogConfiguration(
                        configuration.bootstrapServers(),
                        configuration.lanes(),
                        configuration.replication(),
                        configuration.retention(),
                        configuration.deadline(),
                        configuration.deliveryTimeout(),
                        configuration.client()));
        };
    }

    void close(@Disposes ActivationLog log) {
        log.close();
    }
}
