package io.tributary.log;

import com.google.protobuf.Message;
import java.util.Map;
import java.util.Set;

/** Reads all lanes of an in-process topic from their ends on. */
final class FollowingReader<T extends Message> extends InProcessReader<T> {
    private boolean left;

    /** The topic's lock is held. */
    FollowingReader(InProcessTopic<T> topic) {
        super(topic);
        for (int lane = 0; lane < topic.laneCount(); lane++) {
            seek(lane, topic.lane(lane).end());
        }
    }

    @Override
    boolean reads(int lane) {
        return !left;
    }

    @Override
    long needs(int lane) {
        return position(lane);
    }

    @Override
    void handOver() {}

    @Override
    void leave() {
        left = true;
    }

    @Override
    public void commit(Map<Integer, LanePosition> positions) {
        throw withoutGroup();
    }

    @Override
    public Map<Integer, LanePosition> committed(Set<Integer> lanes) {
        throw withoutGroup();
    }

    private IllegalStateException withoutGroup() {
        return new IllegalStateException(
                "this reader of topic %s follows it without a group; only readers of a group commit"
                        .formatted(topic().topic().name()));
    }
}
