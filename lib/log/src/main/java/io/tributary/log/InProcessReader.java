package io.tributary.log;

import com.google.protobuf.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Reads an in-process topic; the subclasses say which lanes. Its state is guarded by the topic's lock. */
abstract sealed class InProcessReader<T extends Message> implements LogReader<T> permits FollowingReader, GroupReader {
    private final InProcessTopic<T> topic;
    private final ReentrantLock lock;
    private final Condition changed;
    private final long[] positions;
    // Where the next poll starts, so that a busy lane cannot keep the others waiting.
    private int nextLane;
    private boolean woken;
    private boolean closed;

    /** The topic's lock is held. */
    InProcessReader(InProcessTopic<T> topic) {
        this.topic = topic;
        this.lock = topic.lock();
        this.changed = topic.newCondition();
        this.positions = new long[topic.laneCount()];
    }

    /** Whether records of a lane are for this reader. The lock is held. */
    abstract boolean reads(int lane);

    /** Oldest offset of a lane that must be kept for this reader, or {@link Long#MAX_VALUE}. The lock is held. */
    abstract long needs(int lane);

    /** Gives up and takes over lanes. The lock is held and may be released in between. */
    abstract void handOver();

    /** Gives up all lanes for good. The lock is held and may be released in between. */
    abstract void leave();

    final InProcessTopic<T> topic() {
        return topic;
    }

    final long position(int lane) {
        return positions[lane];
    }

    /** Sets where a lane is read on. The lock is held. */
    final void place(int lane, long offset) {
        positions[lane] = Math.min(offset, topic.lane(lane).end());
    }

    @Override
    public final void seek(int lane, long offset) {
        lock.lock();
        try {
            requireOpen();
            if (lane >= 0 && lane < positions.length && reads(lane)) {
                place(lane, offset);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Makes a waiting poll look again. The lock is held. */
    final void signal() {
        changed.signal();
    }

    @Override
    public final List<LogRecord<T>> poll(Duration timeout) {
        long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(timeout);
        lock.lock();
        try {
            while (true) {
                requireOpen();
                handOver();
                List<LogRecord<T>> records = woken ? List.of() : take();
                long remaining = deadline - System.nanoTime();
                if (woken || !records.isEmpty() || remaining <= 0) {
                    woken = false;
                    return records;
                }
                changed.awaitNanos(remaining);
            }
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new LogInterruptedException("interrupted while waiting for records of topic %s"
                    .formatted(topic.topic().name()));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public final Set<Integer> lanes() {
        lock.lock();
        try {
            Set<Integer> read = new LinkedHashSet<>();
            for (int lane = 0; lane < positions.length; lane++) {
                if (reads(lane)) {
                    read.add(lane);
                }
            }
            return read;
        } finally {
            lock.unlock();
        }
    }

    /** Messages are never serialised here, so none is unreadable. */
    @Override
    public final long unreadableRecords() {
        return 0;
    }

    @Override
    public final List<UnreadableRecord> takeUnreadable() {
        return List.of();
    }

    @Override
    public final void wakeup() {
        lock.lock();
        try {
            woken = true;
            signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public final void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            try {
                leave();
            } finally {
                topic.remove(this);
                for (int lane = 0; lane < positions.length; lane++) {
                    topic.trim(lane);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void requireOpen() {
        topic.requireOpen();
        if (closed) {
            throw new LogClosedException(
                    "this reader of topic %s is closed".formatted(topic.topic().name()));
        }
    }

    private List<LogRecord<T>> take() {
        List<LogRecord<T>> taken = new ArrayList<>();
        for (int turn = 0; turn < positions.length && taken.size() < MAXIMAL_POLL_RECORDS; turn++) {
            int lane = (nextLane + turn) % positions.length;
            if (reads(lane)) {
                take(lane, taken);
            }
        }
        nextLane = (nextLane + 1) % positions.length;
        return taken;
    }

    private void take(int lane, List<LogRecord<T>> taken) {
        RecordLane<T> source = topic.lane(lane);
        if (positions[lane] >= source.end()) {
            return;
        }
        long begin = Math.max(positions[lane], source.first());
        long end = Math.min(source.end(), begin + MAXIMAL_POLL_RECORDS - taken.size());
        for (long offset = begin; offset < end; offset++) {
            taken.add(source.record(offset));
        }
        positions[lane] = end;
        topic.trim(lane);
    }
}
