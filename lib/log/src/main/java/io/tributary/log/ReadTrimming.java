package io.tributary.log;

import java.time.Duration;
import java.util.Map;

/**
 * Deletes records of a topic a while after they were read, for topics whose records nobody needs again. A record that cannot be
 * deleted now is deleted with later ones.
 */
public final class ReadTrimming implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(ReadTrimming.class.getName());
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final Duration LONGEST_END = Duration.ofSeconds(5);

    private final ActivationLog log;
    private final Topic<?> topic;
    private final ReadOffsets offsets = new ReadOffsets();
    private final Thread thread;

    /**
     * Begins.
     *
     * @param log stays open
     */
    public ReadTrimming(ActivationLog log, Topic<?> topic) {
        this.log = log;
        this.topic = topic;
        this.thread =
                Thread.ofVirtual().name("tributary-trimming-" + topic.name()).start(this::run);
    }

    /** A record has been read. */
    public void read(LogRecord<?> record) {
        offsets.read(record.lane(), record.offset() + 1);
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Thread.sleep(INTERVAL);
                delete(offsets.settled(System.nanoTime()));
            }
        } catch (InterruptedException | LogInterruptedException | LogClosedException _) {
            LOGGER.log(System.Logger.Level.DEBUG, "records of {0} are not deleted any more", topic.name());
        }
    }

    private void delete(Map<Integer, Long> below) {
        if (below.isEmpty()) {
            return;
        }
        try {
            log.deleteBelow(topic, below);
        } catch (LogInterruptedException | LogClosedException end) {
            throw end;
        } catch (LogException failure) {
            LOGGER.log(
                    System.Logger.Level.DEBUG,
                    "records of {0} cannot be deleted now: {1}",
                    topic.name(),
                    failure.getMessage());
        }
    }

    /** Deletes no more. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            if (!thread.join(LONGEST_END)) {
                LOGGER.log(System.Logger.Level.WARNING, "the thread that deletes records has not ended in time");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
