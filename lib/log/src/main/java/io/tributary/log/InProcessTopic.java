package io.tributary.log;

import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A topic of the in-process log: its lanes and who reads them, all guarded by one lock. */
final class InProcessTopic<T extends Message> {
    private final Topic<T> topic;
    private final LaneBounds bounds;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<RecordLane<T>> lanes;
    private final List<InProcessReader<T>> readers = new ArrayList<>();
    private final Map<String, ReaderGroup<T>> groups = new HashMap<>();
    private boolean everRead;
    private boolean closed;

    InProcessTopic(Topic<T> topic, int laneCount, LaneBounds bounds) {
        this.topic = topic;
        this.bounds = bounds;
        this.lanes = new ArrayList<>(laneCount);
        for (int lane = 0; lane < laneCount; lane++) {
            lanes.add(new RecordLane<>(bounds));
        }
    }

    Topic<T> topic() {
        return topic;
    }

    /** Guards the topic, its lanes, groups and readers; never held while a listener runs. */
    ReentrantLock lock() {
        return lock;
    }

    int laneCount() {
        return lanes.size();
    }

    RecordLane<T> lane(int lane) {
        return lanes.get(lane);
    }

    Condition newCondition() {
        return lock.newCondition();
    }

    CompletionStage<Long> append(int lane, T record, String key, Map<String, String> headers) {
        Lanes.require(topic, lanes.size(), lane);
        int bytes = record.getSerializedSize();
        if (bytes > LogWriter.MAXIMAL_RECORD_BYTES) {
            return CompletableFuture.failedStage(RecordTooLargeException.of(topic, lane, key, bytes));
        }
        Map<String, String> kept = RecordHeaders.bounded(headers);
        lock.lock();
        try {
            if (closed) {
                return CompletableFuture.failedStage(closedException());
            }
            RecordLane<T> target = lanes.get(lane);
            target.spare(kept(lane), bytes);
            if (!target.hasRoomFor(bytes)) {
                return CompletableFuture.failedStage(full(lane, target, bytes));
            }
            long offset = target.end();
            target.append(new LogRecord<>(lane, offset, System.currentTimeMillis(), record, kept));
            readers.stream().filter(reader -> reader.reads(lane)).forEach(InProcessReader::signal);
            return CompletableFuture.completedStage(offset);
        } finally {
            lock.unlock();
        }
    }

    /** A reader of all lanes from so many records before their ends on. */
    LogReader<T> follow(int records) {
        lock.lock();
        try {
            FollowingReader<T> reader = added(new FollowingReader<>(this));
            for (int lane = 0; lane < lanes.size(); lane++) {
                RecordLane<T> source = lanes.get(lane);
                reader.follow(lane, Math.max(source.first(), source.end() - records));
            }
            return reader;
        } finally {
            lock.unlock();
        }
    }

    /** A reader of some lanes from their ends on. */
    LogReader<T> follow(Set<Integer> followed) {
        lock.lock();
        try {
            FollowingReader<T> reader = added(new FollowingReader<>(this));
            followed.forEach(lane -> reader.follow(lane, lanes.get(lane).end()));
            return reader;
        } finally {
            lock.unlock();
        }
    }

    /** A reader of one lane from an offset on. */
    LogReader<T> follow(int lane, long offset) {
        lock.lock();
        try {
            FollowingReader<T> reader = added(new FollowingReader<>(this));
            reader.follow(lane, offset);
            return reader;
        } finally {
            lock.unlock();
        }
    }

    LogReader<T> join(String groupName, LaneOwnership listener) {
        lock.lock();
        try {
            ReaderGroup<T> group = groups.computeIfAbsent(groupName, name -> new ReaderGroup<>(this));
            GroupReader<T> reader = added(new GroupReader<>(this, group, listener));
            group.add(reader);
            return reader;
        } finally {
            lock.unlock();
        }
    }

    private <R extends InProcessReader<T>> R added(R reader) {
        requireOpen();
        readers.add(reader);
        everRead = true;
        return reader;
    }

    /** Forgets a reader that has closed. The lock is held. */
    void remove(InProcessReader<T> reader) {
        readers.remove(reader);
    }

    /** Drops the oldest of what neither a follower nor a group needs, beyond what may be spared. The lock is held. */
    void trim(int lane) {
        lanes.get(lane).spare(kept(lane), 0);
    }

    /** Drops what lies below the offsets and neither a follower nor a group needs. */
    void deleteBelow(Map<Integer, Long> offsets) {
        offsets.keySet().forEach(lane -> Lanes.require(topic, lanes.size(), lane));
        lock.lock();
        try {
            requireOpen();
            offsets.forEach((lane, offset) -> lanes.get(lane).dropBelow(Math.min(offset, needed(lane))));
        } finally {
            lock.unlock();
        }
    }

    /** Serialised size of the records of each lane. */
    Map<Integer, Long> sizes() {
        lock.lock();
        try {
            requireOpen();
            Map<Integer, Long> sizes = HashMap.newHashMap(lanes.size());
            for (int lane = 0; lane < lanes.size(); lane++) {
                sizes.put(lane, lanes.get(lane).bytes());
            }
            return sizes;
        } finally {
            lock.unlock();
        }
    }

    // What no reader has ever asked for waits for the first one.
    private long kept(int lane) {
        return everRead ? needed(lane) : lanes.get(lane).first();
    }

    /** Oldest offset of a lane that a follower or a group needs, or {@link Long#MAX_VALUE}. The lock is held. */
    private long needed(int lane) {
        long needed = Long.MAX_VALUE;
        for (InProcessReader<T> reader : readers) {
            needed = Math.min(needed, reader.needs(lane));
        }
        for (ReaderGroup<T> group : groups.values()) {
            needed = Math.min(needed, group.needs(lane));
        }
        return needed;
    }

    /** The lock is held. */
    void requireOpen() {
        if (closed) {
            throw closedException();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            readers.forEach(InProcessReader::signal);
        } finally {
            lock.unlock();
        }
    }

    private LogClosedException closedException() {
        return new LogClosedException("topic %s belongs to a log that is closed".formatted(topic.name()));
    }

    private LaneFullException full(int lane, RecordLane<T> target, int bytes) {
        return new LaneFullException(
                ("lane %d of topic %s has no room for %d bytes: it holds %d of %d records, %d of %d bytes, from offset"
                                + " %d on, that a follower has not read or one of the groups %s needs from its low-water mark on")
                        .formatted(
                                lane,
                                topic.name(),
                                bytes,
                                target.end() - target.first(),
                                bounds.records(),
                                target.bytes(),
                                bounds.bytes(),
                                target.first(),
                                groups.keySet()));
    }
}
