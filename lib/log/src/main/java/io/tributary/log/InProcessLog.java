package io.tributary.log;

import com.google.protobuf.Message;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The log inside one JVM: messages are passed by reference, a lane keeps what some reader still needs, and an append
 * beyond a lane's bounds fails at once instead of waiting, so that a ring of shards can never lock itself up. Readers
 * that follow need what they have not read; a group needs everything from its committed low-water mark on, since its
 * state is rebuilt from there. The latest of what nobody needs is spared within the bounds, for readers that look back;
 * what no reader has ever asked for stays until one does.
 */
public final class InProcessLog implements ActivationLog {
    private final int lanes;
    private final LaneBounds bounds;
    private final ConcurrentMap<String, InProcessTopic<?>> topics = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /**
     * @param lanes number of lanes of every topic; at least 1
     * @param bounds how much each lane may hold
     */
    public InProcessLog(int lanes, LaneBounds bounds) {
        if (lanes < 1) {
            throw new IllegalArgumentException("a log of %d lanes; at least 1 is needed".formatted(lanes));
        }
        this.lanes = lanes;
        this.bounds = bounds;
    }

    @Override
    public int lanes() {
        return lanes;
    }

    @Override
    public void createTopics(Collection<? extends Topic<?>> created) {
        requireOpen();
        for (Topic<?> topic : created) {
            InProcessTopic<?> existing =
                    topics.computeIfAbsent(topic.name(), name -> new InProcessTopic<>(topic, lanes, bounds));
            requireSame(existing, topic);
        }
    }

    @Override
    public <T extends Message> LogWriter<T> writer(Topic<T> topic) {
        return existing(topic)::append;
    }

    @Override
    public <T extends Message> LogReader<T> followFromEnd(Topic<T> topic) {
        return followRecent(topic, 0);
    }

    @Override
    public <T extends Message> LogReader<T> followFromEnd(Topic<T> topic, Set<Integer> lanes) {
        Lanes.requireSome(topic, this.lanes, lanes);
        return existing(topic).follow(lanes);
    }

    @Override
    public <T extends Message> LogReader<T> followRecent(Topic<T> topic, int records) {
        Lanes.requireCount(topic, records);
        return existing(topic).follow(records);
    }

    @Override
    public <T extends Message> LogReader<T> followLane(Topic<T> topic, int lane, long offset) {
        Lanes.requirePlace(topic, lanes, lane, offset);
        return existing(topic).follow(lane, offset);
    }

    @Override
    public void deleteBelow(Topic<?> topic, Map<Integer, Long> offsets) {
        existing(topic).deleteBelow(offsets);
    }

    @Override
    public Map<Integer, Long> sizes(Topic<?> topic) {
        return existing(topic).sizes();
    }

    @Override
    public <T extends Message> LogReader<T> joinGroup(Topic<T> topic, String group, LaneOwnership listener) {
        return existing(topic).join(group, listener);
    }

    @Override
    public void close() {
        closed = true;
        topics.values().forEach(InProcessTopic::close);
    }

    // A topic's name and parser are compared first, so the records are of type T.
    @SuppressWarnings("unchecked")
    private <T extends Message> InProcessTopic<T> existing(Topic<T> topic) {
        requireOpen();
        InProcessTopic<?> existing = topics.get(topic.name());
        if (existing == null) {
            throw new TopicNotFoundException("topic %s does not exist; createTopics makes it".formatted(topic.name()));
        }
        requireSame(existing, topic);
        return (InProcessTopic<T>) existing;
    }

    private static void requireSame(InProcessTopic<?> existing, Topic<?> asked) {
        if (!existing.topic().parser().equals(asked.parser())) {
            throw new TopicMismatchException(
                    "topic %s exists with records of another type; all its users must name the same parser"
                            .formatted(asked.name()));
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new LogClosedException("the in-process log is closed; open a new one");
        }
    }
}
