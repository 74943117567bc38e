package io.tributary.decoder;

import io.tributary.log.ActivationLog;
import io.tributary.log.LogException;
import io.tributary.log.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Keeps the log small and whole, on a thread of its own since it waits for the brokers: deletes what nobody needs any more,
 * and makes topics again that were deleted.
 */
final class LogTrimming implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(LogTrimming.class);
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final ActivationLog log;
    private final List<Topic<?>> topics;
    private final Map<Topic<?>, Map<Integer, Long>> wanted = new ConcurrentHashMap<>();
    private final Map<Topic<?>, Map<Integer, Long>> sizes = new ConcurrentHashMap<>();
    private final Thread thread;
    private final Set<Topic<?>> suspects = new HashSet<>();

    /** @param topics those of the model */
    LogTrimming(ActivationLog log, List<Topic<?>> topics) {
        this.log = log;
        this.topics = List.copyOf(topics);
        this.thread = Thread.ofVirtual().name("tributary-log-trimming").start(this::run);
    }

    /** Nobody needs what lies below these offsets, by lane. Callable from any thread. */
    void below(Topic<?> topic, Map<Integer, Long> offsets) {
        wanted.merge(topic, Map.copyOf(offsets), LogTrimming::joined);
    }

    /** Bytes that the lanes of the model's topics took when they were last looked at. */
    long bytes() {
        return sizes.values().stream()
                .flatMap(lanes -> lanes.values().stream())
                .mapToLong(Long::longValue)
                .sum();
    }

    private static Map<Integer, Long> joined(Map<Integer, Long> earlier, Map<Integer, Long> later) {
        Map<Integer, Long> both = new HashMap<>(earlier);
        both.putAll(later);
        return both;
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(INTERVAL);
                keep();
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void keep() {
        for (Topic<?> topic : topics) {
            try {
                Map<Integer, Long> offsets = wanted.remove(topic);
                if (offsets != null) {
                    log.deleteBelow(topic, offsets);
                }
                sizes.put(topic, log.sizes(topic));
                suspects.remove(topic);
            } catch (LogException failure) {
                suspect(topic, failure);
            }
        }
    }

    /**
     * A topic that was deleted is made again, but not before the next look: in between the group takes its lanes away, and
     * readers that still ask for the deleted one would never find the new one.
     */
    private void suspect(Topic<?> topic, LogException failure) {
        if (suspects.add(topic)) {
            LOG.warnf("topic %s cannot be trimmed: %s", topic.name(), failure.getMessage());
            return;
        }
        try {
            log.createTopics(List.of(topic));
        } catch (LogException unavailable) {
            LOG.debugf("topic %s cannot be looked at: %s", topic.name(), unavailable.getMessage());
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
