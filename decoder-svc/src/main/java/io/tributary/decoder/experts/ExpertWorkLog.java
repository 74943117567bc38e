package io.tributary.decoder.experts;

import io.tributary.log.ActivationLog;
import io.tributary.log.LogClosedException;
import io.tributary.log.LogException;
import io.tributary.log.LogInterruptedException;
import io.tributary.log.LogRecord;
import io.tributary.log.LogUnavailableException;
import io.tributary.log.ReadTrimming;
import io.tributary.log.Topic;
import io.tributary.log.Topics;
import io.tributary.models.experts.ExpertSet;
import io.tributary.proto.router.v1.ExpertResultRecord;
import io.tributary.proto.router.v1.ExpertWorkRecord;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Work that comes over the log: the lanes of the experts that are held are read on a thread of its own, what is for this shard is
 * computed, and results are appended where each record says. What it could not read, or append, is asked for again by the
 * routers when its time is over.
 */
final class ExpertWorkLog implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ExpertWorkLog.class);
    private static final Duration POLL = Duration.ofMillis(200);

    /** How long a reader is read on when another one has begun: longer than a fetch takes. */
    private static final Duration OVERLAP = Duration.ofSeconds(1);

    private static final Duration SHORT_POLL = Duration.ofMillis(5);
    private static final Duration FULL_PAUSE = Duration.ofMillis(2);
    private static final Duration PAUSE_AFTER_ERROR = Duration.ofMillis(500);
    private static final Duration LONGEST_END = Duration.ofSeconds(5);

    private final ActivationLog log;
    private final String shardId;
    private final WorkIntake intake;
    private final Runnable stopped;
    private final Topic<ExpertWorkRecord> asked;
    private final ExpertResultLog results;
    private final Thread reading;
    private final ReadTrimming trimming;
    /** Readers that begin where those before them are to end; every one is read for a while, or records between would be lost. */
    private final Queue<WorkReader> begun = new ConcurrentLinkedQueue<>();

    private volatile Set<Integer> lanesRead = Set.of();
    private volatile boolean closed;

    /**
     * Makes the topics exist and begins to read.
     *
     * @param log with a lane for every expert; stays open
     * @param experts whose lanes are read
     * @param stopped run when no work can be read any more
     * @throws LogException when the log cannot be reached
     */
    ExpertWorkLog(ActivationLog log, ShardIdentity identity, ExpertSet experts, WorkIntake intake, Runnable stopped) {
        this.stopped = stopped;
        this.log = log;
        this.shardId = identity.shardId();
        this.intake = intake;
        this.asked = Topics.expertWork(identity.model());
        Topic<ExpertResultRecord> answers = Topics.expertResults(identity.model());
        log.createTopics(List.of(asked, answers));
        this.results = new ExpertResultLog(log.writer(answers));
        this.trimming = new ReadTrimming(log, asked);
        follow(experts);
        this.reading =
                Thread.ofPlatform().name("tributary-expert-work").daemon().start(this::read);
    }

    /**
     * Reads these lanes from now on; when it returns, whatever is appended to them is read.
     *
     * @throws LogException when the log cannot be reached; the lanes are then those that they were
     */
    void follow(ExpertSet experts) {
        if (experts.isEmpty()) {
            return;
        }
        Set<Integer> lanes = experts.indices().boxed().collect(Collectors.toUnmodifiableSet());
        try {
            begun.add(new WorkReader(log.followFromEnd(asked, lanes)));
            lanesRead = lanes;
        } catch (LogUnavailableException failure) {
            if (!lanesRead.containsAll(lanes)) {
                throw failure;
            }
            LOG.warnf("lanes of experts that are not held any more are read on: %s", failure.getMessage());
        }
    }

    private void read() {
        Deque<WorkReader> readers = new ArrayDeque<>();
        try {
            while (!closed) {
                change(readers);
                readSome(readers);
            }
        } catch (InterruptedException | LogInterruptedException | LogClosedException _) {
            LOG.debug("work is not read any more");
        } catch (RuntimeException | Error failure) {
            LOG.error("the expert shard reads no more work, on an error of its own; its readiness says so", failure);
            stopped.run();
        } finally {
            readers.forEach(WorkReader::close);
        }
    }

    private void change(Deque<WorkReader> readers) {
        for (WorkReader added = begun.poll(); added != null; added = begun.poll()) {
            if (!readers.isEmpty()) {
                readers.getLast().endAt(System.nanoTime() + OVERLAP.toNanos());
            }
            readers.addLast(added);
        }
        while (!readers.isEmpty() && readers.getFirst().ended()) {
            readers.removeFirst().close();
        }
    }

    private void readSome(Deque<WorkReader> readers) throws InterruptedException {
        if (readers.isEmpty()) {
            TimeUnit.MILLISECONDS.sleep(SHORT_POLL.toMillis());
        } else if (!intake.hasRoom()) {
            TimeUnit.MILLISECONDS.sleep(FULL_PAUSE.toMillis());
        } else {
            // The last one reads all lanes that count; those before it have only what lay there when it began.
            for (WorkReader reader : readers) {
                take(
                        reader,
                        readers,
                        reader != readers.getLast() ? Duration.ZERO : readers.size() > 1 ? SHORT_POLL : POLL);
            }
        }
    }

    private void take(WorkReader reader, Collection<WorkReader> all, Duration limit) throws InterruptedException {
        try {
            for (LogRecord<ExpertWorkRecord> each : reader.poll(limit, all)) {
                trimming.read(each);
                if (each.value().getShardId().equals(shardId)) {
                    guardedAccept(each.lane(), each.value());
                }
            }
        } catch (LogUnavailableException failure) {
            LOG.warnf("work cannot be read, trying again: %s", failure.getMessage());
            TimeUnit.MILLISECONDS.sleep(PAUSE_AFTER_ERROR.toMillis());
        }
    }

    /** A fault with one record must not end the reading of the others. */
    private void guardedAccept(int lane, ExpertWorkRecord asked) {
        try {
            accept(lane, asked);
        } catch (RuntimeException | OutOfMemoryError fault) {
            LOG.error("a record was skipped on an internal error", fault);
        }
    }

    private void accept(int lane, ExpertWorkRecord asked) {
        String router = asked.getRouterId();
        switch (asked.getKindCase()) {
            case WORK -> intake.accept(router, asked.getWork(), result -> results.answer(asked, result));
            case CANCEL -> intake.cancel(router, asked.getCancel().getWorkId());
            case KIND_NOT_SET -> LOG.warnf("an empty record on lane %d was skipped", lane);
        }
    }

    /** Whether work is read. */
    boolean running() {
        return reading.isAlive();
    }

    @Override
    public void close() {
        closed = true;
        trimming.close();
        try {
            if (!reading.join(LONGEST_END)) {
                LOG.warn("the thread that reads work has not ended in time");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        for (WorkReader unread = begun.poll(); unread != null; unread = begun.poll()) {
            unread.close();
        }
    }
}
