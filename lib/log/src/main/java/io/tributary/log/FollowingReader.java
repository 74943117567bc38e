package io.tributary.log;

import com.google.protobuf.Message;
import java.util.BitSet;
import java.util.Map;
import java.util.Set;

/** Reads some lanes of an in-process topic without a group. */
final class FollowingReader<T extends Message> extends InProcessReader<T> {
    private final BitSet followed = new BitSet();

    private FollowingReader(InProcessTopic<T> topic) {
        super(topic);
    }

    /**
     * Follows all lanes, from up to so many records before their ends on. The topic's lock is held.
     *
     * @param records per lane
     */
    static <T extends Message> FollowingReader<T> ofAllLanes(InProcessTopic<T> topic, int records) {
        FollowingReader<T> reader = new FollowingReader<>(topic);
        for (int lane = 0; lane < topic.laneCount(); lane++) {
            reader.follow(lane, topic.lane(lane).end() - records);
        }
        return reader;
    }

    /** Follows one lane from an offset on. The topic's lock is held. */
    static <T extends Message> FollowingReader<T> ofLane(InProcessTopic<T> topic, int lane, long offset) {
        FollowingReader<T> reader = new FollowingReader<>(topic);
        reader.follow(lane, offset);
        return reader;
    }

    private void follow(int lane, long offset) {
        followed.set(lane);
        place(lane, offset);
    }

    @Override
    boolean reads(int lane) {
        return followed.get(lane);
    }

    @Override
    long needs(int lane) {
        return followed.get(lane) ? position(lane) : Long.MAX_VALUE;
    }

    @Override
    void handOver() {}

    @Override
    void leave() {
        followed.clear();
    }

    @Override
    public boolean claim(int lane, LanePosition position) {
        throw withoutGroup();
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
