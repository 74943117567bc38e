package io.tributary.log;

import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A group of readers of an in-process topic: who owns a lane, who shall own it, and what has been committed. A lane
 * that changes hands is first given up by its owner, then taken, each on the reader's own thread. Guarded by the
 * topic's lock.
 */
final class ReaderGroup<T extends Message> {
    private final InProcessTopic<T> topic;
    private final List<GroupReader<T>> members = new ArrayList<>();
    private final List<@Nullable GroupReader<T>> owners;
    private final List<@Nullable LanePosition> committed;
    private final long[] starts;
    private List<@Nullable GroupReader<T>> targets;

    ReaderGroup(InProcessTopic<T> topic) {
        this.topic = topic;
        this.owners = new ArrayList<>(Collections.nCopies(topic.laneCount(), null));
        this.targets = new ArrayList<>(owners);
        this.committed = new ArrayList<>(Collections.nCopies(topic.laneCount(), null));
        this.starts = new long[topic.laneCount()];
        for (int lane = 0; lane < starts.length; lane++) {
            starts[lane] = topic.lane(lane).first();
        }
    }

    void add(GroupReader<T> reader) {
        members.add(reader);
        rebalance();
    }

    void remove(GroupReader<T> reader) {
        members.remove(reader);
        rebalance();
    }

    private void rebalance() {
        targets = LaneAssignment.balanced(targets, members);
        members.forEach(InProcessReader::signal);
    }

    @Nullable
    GroupReader<T> owner(int lane) {
        return owners.get(lane);
    }

    @Nullable
    GroupReader<T> target(int lane) {
        return targets.get(lane);
    }

    void take(int lane, GroupReader<T> reader) {
        owners.set(lane, reader);
    }

    void release(int lane) {
        owners.set(lane, null);
        GroupReader<T> next = targets.get(lane);
        if (next != null) {
            next.signal();
        }
    }

    /** Where an owner of a lane starts to read. */
    long start(int lane) {
        LanePosition position = committed.get(lane);
        long next = position == null ? starts[lane] : position.highWater();
        return Math.max(next, topic.lane(lane).first());
    }

    /** Oldest offset of a lane that the group may read again: a lane's next owner rebuilds its state from there. */
    long needs(int lane) {
        LanePosition position = committed.get(lane);
        return position == null ? starts[lane] : position.lowWater();
    }

    void commit(int lane, LanePosition position) {
        committed.set(lane, position);
    }

    @Nullable
    LanePosition committed(int lane) {
        return committed.get(lane);
    }
}
