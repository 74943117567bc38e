package io.tributary.log;

import com.google.protobuf.Message;
import java.util.BitSet;
import java.util.Map;
import java.util.Set;

/** Reads lanes of an in-process topic without a group. */
final class FollowingReader<T extends Message> extends InProcessReader<T> {
    private final BitSet followed = new BitSet();

    /** Follows no lane yet. The topic's lock is held. */
    FollowingReader(InProcessTopic<T> topic) {
        super(topic);
    }

    /** Follows a lane from an offset on. The topic's lock is held. */
    void follow(int lane, long offset) {
        followed.set(lane);
        place(lane, offset);
    }

    @Override
    boolean reads(int lane) {
        return followed.get(lane);
    }

    @Override
    long needs(int lane) {
        return reads(lane) ? position(lane) : Long.MAX_VALUE;
    }

    @Override
    void handOver() {}

    @Override
    void leave() {
        followed.clear();
    }

    @Override
    public void commit(Map<Integer, LanePosition> positions) {
        throw withoutGroup();
    }

    @Override
    public boolean claim(int lane, LanePosition position) {
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
