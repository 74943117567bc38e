package io.tributary.edge;

import io.tributary.log.ActivationLog;
import io.tributary.log.InProcessLog;
import io.tributary.log.KafkaLog;
import io.tributary.log.KafkaLogConfiguration;
import io.tributary.log.LaneBounds;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import java.time.Duration;

/** The one activation log of a process, as configured. */
@ApplicationScoped
public class ActivationLogProducer {
    @Produces
    @ApplicationScoped
    ActivationLog log(LogConfiguration configuration) {
        return switch (configuration.transport()) {
            case IN_PROCESS -> new InProcessLog(configuration.lanes(), LaneBounds.DEFAULT);
            case KAFKA -> kafka(configuration, configuration.lanes(), configuration.retention());
        };
    }

    static KafkaLog kafka(LogConfiguration configuration, int lanes, Duration retention) {
        return new KafkaLog(new KafkaLogConfiguration(
                configuration.bootstrapServers(),
                lanes,
                configuration.replication(),
                retention,
                configuration.deadline(),
                configuration.deliveryTimeout(),
                configuration.client()));
    }

    void close(@Disposes ActivationLog log) {
        log.close();
    }
}
