package io.tributary.decoder;

import io.tributary.log.ActivationLog;
import io.tributary.log.LogException;
import io.tributary.log.LogReader;
import io.tributary.log.LogRecord;
import io.tributary.log.Topic;
import io.tributary.proto.log.v1.Activation;
import io.tributary.proto.log.v1.LaneRecord;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads again what the log has brought of one session, so that its keys and values can be computed anew. It reads on a thread
 * of its own, a few records ahead of the shard's thread, which takes them.
 */
final class SessionRebuild implements AutoCloseable {
    private static final int MOST_AHEAD = 16;
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    /**
     * Positions of the session.
     *
     * @param activation the record that has them
     * @param turn that they belong to
     * @param firstRow rows before it are repeated
     */
    record Replayed(Activation activation, Turn turn, int firstRow) {}

    private final String sessionId;
    private final int target;
    private final int mostPositions;
    private final Turns turns;
    private final LaneLedger.Entry entry;
    private final BlockingQueue<Replayed> ahead = new ArrayBlockingQueue<>(MOST_AHEAD);
    private final Runnable onProgress;
    private final Thread thread;
    private volatile @Nullable String problem;
    private volatile boolean complete;
    private Turn turn;
    private int next;

    /**
     * @param first the session's first turn
     * @param entry is held until the rebuild is closed
     * @param onProgress told when there is something to take
     */
    SessionRebuild(
            ActivationLog log,
            Topic<LaneRecord> topic,
            ShardSession session,
            Turn first,
            int mostPositions,
            Turns turns,
            LaneLedger.Entry entry,
            Runnable onProgress) {
        this.sessionId = session.id();
        this.target = session.rebuildTarget();
        this.mostPositions = mostPositions;
        this.turns = turns;
        this.entry = entry;
        this.turn = first;
        this.onProgress = onProgress;
        int lane = session.lane().lane();
        long from = session.opening().offset();
        this.thread = Thread.ofVirtual().name("tributary-session-rebuild").start(() -> read(log, topic, lane, from));
    }

    LaneLedger.Entry entry() {
        return entry;
    }

    /** The next positions, if they have come. */
    @Nullable
    Replayed poll() {
        return ahead.poll();
    }

    /** Whether all positions have been taken. */
    boolean complete() {
        return complete && ahead.isEmpty();
    }

    /** Why the session cannot be rebuilt, if it cannot. */
    @Nullable
    String problem() {
        return problem;
    }

    private void read(ActivationLog log, Topic<LaneRecord> topic, int lane, long from) {
        long deadline = System.nanoTime() + LONGEST_WAIT.toNanos();
        try (LogReader<LaneRecord> reader = log.followLane(topic, lane, from)) {
            while (next < target) {
                if (System.nanoTime() - deadline > 0) {
                    problem = "its positions from %d on did not come within %s".formatted(next, LONGEST_WAIT);
                    return;
                }
                for (LogRecord<LaneRecord> logRecord : reader.poll(POLL)) {
                    if (logRecord.value().getSessionId().equals(sessionId)) {
                        take(logRecord.value());
                    }
                }
            }
            complete = true;
        } catch (LogException | SessionRefusedException failure) {
            problem = String.valueOf(failure.getMessage());
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        } finally {
            onProgress.run();
        }
    }

    private void take(LaneRecord laneRecord) throws SessionRefusedException, InterruptedException {
        if (laneRecord.hasContinue()) {
            turn = turns.of(laneRecord.getContinue(), mostPositions);
        } else if (laneRecord.hasActivation()) {
            Activation activation = laneRecord.getActivation();
            int first = activation.getFirstPosition();
            int end = first + activation.getTokenIdsCount();
            if (first <= next && end > next && next < target) {
                offer(new Replayed(activation, turn, next - first));
                next = end;
            }
        }
    }

    private void offer(Replayed replayed) throws InterruptedException {
        if (!ahead.offer(replayed, LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new InterruptedException("the shard does not go on with the session");
        }
        onProgress.run();
    }

    /** Ends the reading. */
    @Override
    public void close() {
        thread.interrupt();
        entry.release();
    }
}
