package io.tributary.edge;

import io.tributary.log.ActivationLog;
import io.tributary.log.InProcessLog;
import io.tributary.log.LaneBounds;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * The log over which routers and expert shards exchange rows: where the activation log is, but with a lane for every expert of a
 * model, and without a memory worth the name. Thread-safe.
 */
@ApplicationScoped
public class ExpertLogs {
    /** Longer than anybody waits for a row; who reads deletes long before. */
    private static final Duration RETENTION = Duration.ofMinutes(10);

    private final LogConfiguration configuration;
    // By number of experts.
    private final Map<Integer, ActivationLog> logs = new HashMap<>();

    @Inject
    public ExpertLogs(LogConfiguration configuration) {
        this.configuration = configuration;
    }

    /**
     * The log for a model with so many experts in a layer, the same one for all who ask. It is closed with the process, and
     * by nobody else.
     *
     * @param experts number of lanes; at least 1
     * @throws io.tributary.log.LogUnavailableException when no bootstrap server's name can be resolved
     */
    public synchronized ActivationLog of(int experts) {
        return logs.computeIfAbsent(experts, this::opened);
    }

    private ActivationLog opened(int experts) {
        return switch (configuration.transport()) {
            case IN_PROCESS -> new InProcessLog(experts, LaneBounds.DEFAULT);
            case KAFKA -> ActivationLogProducer.kafka(configuration, experts, RETENTION);
        };
    }

    /** Closes what was opened. */
    @PreDestroy
    public synchronized void close() {
        logs.values().forEach(ActivationLog::close);
    }
}
