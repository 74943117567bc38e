package io.tributary.log;

import com.google.protobuf.Message;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/** Shares the lanes of an in-process topic with the other readers of its group. */
final class GroupReader<T extends Message> extends InProcessReader<T> {
    private final ReaderGroup<T> group;
    private final LaneOwnership listener;
    private final ReentrantLock lock;

    /** The topic's lock is held. */
    GroupReader(InProcessTopic<T> topic, ReaderGroup<T> group, LaneOwnership listener) {
        super(topic);
        this.group = group;
        this.listener = listener;
        this.lock = topic.lock();
    }

    @Override
    boolean reads(int lane) {
        return group.owner(lane) == this;
    }

    @Override
    long needs(int lane) {
        return Long.MAX_VALUE;
    }

    @Override
    void handOver() {
        giveUp(lanes(lane -> reads(lane) && group.target(lane) != this));
        Set<Integer> gained = lanes(lane -> group.owner(lane) == null && group.target(lane) == this);
        for (int lane : gained) {
            group.take(lane, this);
            place(lane, group.start(lane));
        }
        tell(listener::assigned, gained);
    }

    @Override
    void leave() {
        try {
            giveUp(lanes(this::reads));
        } finally {
            group.remove(this);
        }
    }

    private void giveUp(Set<Integer> lost) {
        try {
            tell(listener::revoked, lost);
        } finally {
            lost.forEach(group::release);
        }
    }

    /** Calls the listener without the lock: it may commit, append, or take its time. */
    private void tell(Consumer<Set<Integer>> event, Set<Integer> lanes) {
        if (lanes.isEmpty()) {
            return;
        }
        lock.unlock();
        try {
            event.accept(Set.copyOf(lanes));
        } finally {
            lock.lock();
        }
    }

    private Set<Integer> lanes(IntPredicate wanted) {
        Set<Integer> lanes = new LinkedHashSet<>();
        for (int lane = 0; lane < topic().laneCount(); lane++) {
            if (wanted.test(lane)) {
                lanes.add(lane);
            }
        }
        return lanes;
    }

    @Override
    public void commit(Map<Integer, LanePosition> positions) {
        lock.lock();
        try {
            positions.forEach(this::committed);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean claim(int lane, LanePosition position) {
        lock.lock();
        try {
            return committed(lane, position);
        } finally {
            lock.unlock();
        }
    }

    private boolean committed(int lane, LanePosition position) {
        boolean owned = lane >= 0 && lane < topic().laneCount() && reads(lane);
        if (owned) {
            group.commit(lane, position);
            topic().trim(lane);
        }
        return owned;
    }

    @Override
    public Map<Integer, LanePosition> committed(Set<Integer> lanes) {
        lock.lock();
        try {
            Map<Integer, LanePosition> committed = HashMap.newHashMap(lanes.size());
            for (int lane : lanes) {
                LanePosition position = group.committed(lane);
                if (position != null) {
                    committed.put(lane, position);
                }
            }
            return committed;
        } finally {
            lock.unlock();
        }
    }
}
