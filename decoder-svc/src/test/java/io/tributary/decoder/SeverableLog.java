package io.tributary.decoder;

import com.google.protobuf.Message;
import io.tributary.log.ActivationLog;
import io.tributary.log.LaneOwnership;
import io.tributary.log.LanePosition;
import io.tributary.log.LogReader;
import io.tributary.log.LogRecord;
import io.tributary.log.LogWriter;
import io.tributary.log.Topic;
import io.tributary.log.UnreadableRecord;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A log as one process sees it, from which it can be cut off at any moment: as if it was killed, or stopped by the operating
 * system and woken up after others have taken its lanes.
 */
final class SeverableLog implements ActivationLog {
    private final ActivationLog log;
    private final List<LogReader<?>> readers = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedQueue<Runnable> held = new ConcurrentLinkedQueue<>();
    private volatile boolean severed;
    private volatile boolean losesCommits;

    SeverableLog(ActivationLog log) {
        this.log = log;
    }

    /** The process is gone, or stands still: its group gives its lanes to others, and nothing of it reaches the log. */
    synchronized void sever() {
        severed = true;
        readers.forEach(LogReader::close);
    }

    /** From now on the process commits nothing: as if it was killed each time before it could. */
    void loseCommits() {
        losesCommits = true;
    }

    /** What the process was about to append when it was stopped reaches the log after all. */
    synchronized void releaseAppends() {
        held.forEach(Runnable::run);
        held.clear();
    }

    @Override
    public int lanes() {
        return log.lanes();
    }

    @Override
    public void createTopics(Collection<? extends Topic<?>> topics) {
        log.createTopics(topics);
    }

    @Override
    public <T extends Message> LogWriter<T> writer(Topic<T> topic) {
        LogWriter<T> writer = log.writer(topic);
        return (lane, message, key, headers) -> append(writer, lane, message, key, headers);
    }

    private synchronized <T extends Message> CompletionStage<Long> append(
            LogWriter<T> writer, int lane, T message, String key, Map<String, String> headers) {
        if (!severed) {
            return writer.append(lane, message, key, headers);
        }
        held.add(() -> writer.append(lane, message, key, headers));
        return new CompletableFuture<>();
    }

    @Override
    public <T extends Message> LogReader<T> followFromEnd(Topic<T> topic) {
        return log.followFromEnd(topic);
    }

    @Override
    public <T extends Message> LogReader<T> followFromEnd(Topic<T> topic, Set<Integer> lanes) {
        return log.followFromEnd(topic, lanes);
    }

    @Override
    public <T extends Message> LogReader<T> followRecent(Topic<T> topic, int records) {
        return log.followRecent(topic, records);
    }

    @Override
    public <T extends Message> LogReader<T> followLane(Topic<T> topic, int lane, long offset) {
        return log.followLane(topic, lane, offset);
    }

    @Override
    public void deleteBelow(Topic<?> topic, Map<Integer, Long> offsets) {
        log.deleteBelow(topic, offsets);
    }

    @Override
    public Map<Integer, Long> sizes(Topic<?> topic) {
        return log.sizes(topic);
    }

    @Override
    public <T extends Message> LogReader<T> joinGroup(Topic<T> topic, String group, LaneOwnership listener) {
        LogReader<T> reader = log.joinGroup(topic, group, new LaneOwnership() {
            @Override
            public void assigned(Set<Integer> lanes) {
                if (!severed) {
                    listener.assigned(lanes);
                }
            }

            @Override
            public void revoked(Set<Integer> lanes) {
                if (!severed) {
                    listener.revoked(lanes);
                }
            }
        });
        readers.add(reader);
        return new Reader<>(reader);
    }

    @Override
    public void close() {
        readers.forEach(LogReader::close);
    }

    /** Knows nothing of the group's judgement: it reads nothing more, and its commits are lost. */
    private final class Reader<T> implements LogReader<T> {
        private final LogReader<T> reader;

        Reader(LogReader<T> reader) {
            this.reader = reader;
        }

        @Override
        public List<LogRecord<T>> poll(Duration timeout) {
            return reader.poll(timeout);
        }

        @Override
        public void commit(Map<Integer, LanePosition> positions) {
            if (!severed && !losesCommits) {
                reader.commit(positions);
            }
        }

        @Override
        public Map<Integer, LanePosition> committed(Set<Integer> lanes) {
            return reader.committed(lanes);
        }

        @Override
        public boolean claim(int lane, LanePosition position) {
            return !severed && reader.claim(lane, position);
        }

        @Override
        public void seek(int lane, long offset) {
            reader.seek(lane, offset);
        }

        @Override
        public List<UnreadableRecord> takeUnreadable() {
            return reader.takeUnreadable();
        }

        @Override
        public Set<Integer> lanes() {
            return reader.lanes();
        }

        @Override
        public long unreadableRecords() {
            return reader.unreadableRecords();
        }

        @Override
        public void wakeup() {
            reader.wakeup();
        }

        @Override
        public void close() {
            reader.close();
        }
    }
}
