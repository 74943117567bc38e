package io.tributary.decoder.experts;

import io.tributary.models.experts.ExpertSet;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Rows that wait to be computed. What waits for the same expert of the same layer is taken together, whoever sent it; whose
 * turn it is, is decided by who waits longest, and what is left over waits behind the others. Thread-safe.
 */
final class ExpertQueue {
    /**
     * Rows for one expert, to be computed as one matrix.
     *
     * @param rows of all slices
     */
    record Taken(int layer, int expert, int rows, List<Slice> slices) {}

    /** Consecutive rows of a part. */
    record Slice(ExpertTask.Part part, int first, int count) {}

    private record Place(int layer, int expert) {}

    /** How long nobody looks whether there are rows, should a signal be lost. */
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(1);

    private final long mostRows;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final Condition emptied = lock.newCondition();
    private final Map<Place, Deque<ExpertTask.Part>> waiting = new LinkedHashMap<>();
    private final Map<ExpertTask.Key, ExpertTask> tasks = new HashMap<>();
    private @Nullable Place computing;
    private long rows;
    private boolean closed;

    /** @param mostRows beyond which nobody should bring more */
    ExpertQueue(long mostRows) {
        this.mostRows = mostRows;
    }

    /** Rows that wait. */
    long waitingRows() {
        lock.lock();
        try {
            return rows;
        } finally {
            lock.unlock();
        }
    }

    /** Whether more work should be brought at present. */
    boolean hasRoom() {
        return waitingRows() < mostRows;
    }

    /** Adds work; one that waits already is left alone. */
    void add(ExpertTask task) {
        lock.lock();
        try {
            if (closed || tasks.putIfAbsent(task.key(), task) != null) {
                return;
            }
            for (ExpertTask.Part part : task.parts()) {
                waiting.computeIfAbsent(new Place(part.layer(), part.expert()), _ -> new ArrayDeque<>())
                        .add(part);
                rows += part.waiting();
            }
            filled.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Forgets a work of which nothing more is to be computed. */
    void remove(ExpertTask.Key key) {
        lock.lock();
        try {
            ExpertTask task = tasks.remove(key);
            if (task != null) {
                task.abandon();
                task.parts().forEach(this::remove);
                emptied.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Forgets all that came from somewhere. */
    void removeAll(Object origin) {
        lock.lock();
        try {
            tasks.keySet().stream()
                    .filter(key -> key.origin().equals(origin))
                    .toList()
                    .forEach(this::remove);
        } finally {
            lock.unlock();
        }
    }

    private void remove(ExpertTask.Part part) {
        Place place = new Place(part.layer(), part.expert());
        Deque<ExpertTask.Part> parts = waiting.get(place);
        if (parts != null && parts.remove(part)) {
            rows -= part.waiting();
            if (parts.isEmpty()) {
                waiting.remove(place);
            }
        }
    }

    /**
     * Waits for rows and takes those of one expert. What was taken before counts as computed.
     *
     * @param most rows at most
     * @return null when the queue is closed
     */
    @Nullable
    Taken take(int most) throws InterruptedException {
        lock.lock();
        try {
            computing = null;
            emptied.signalAll();
            while (waiting.isEmpty() && !closed) {
                var _ = filled.await(LONGEST_LOOK.toNanos(), TimeUnit.NANOSECONDS);
            }
            return closed ? null : takeFirst(most);
        } finally {
            lock.unlock();
        }
    }

    private Taken takeFirst(int most) {
        Iterator<Map.Entry<Place, Deque<ExpertTask.Part>>> places =
                waiting.entrySet().iterator();
        Map.Entry<Place, Deque<ExpertTask.Part>> eldest = places.next();
        places.remove();
        Place place = eldest.getKey();
        Deque<ExpertTask.Part> parts = eldest.getValue();
        List<Slice> slices = new ArrayList<>();
        int taken = 0;
        while (taken < most && !parts.isEmpty()) {
            ExpertTask.Part part = Objects.requireNonNull(parts.peek());
            int count = Math.min(most - taken, part.waiting());
            slices.add(new Slice(part, part.take(count), count));
            taken += count;
            if (part.waiting() == 0) {
                parts.remove();
            }
        }
        if (!parts.isEmpty()) {
            waiting.put(place, parts);
        }
        rows -= taken;
        computing = place;
        return new Taken(place.layer(), place.expert(), taken, slices);
    }

    /**
     * Waits until nothing is computed or waits for any of the experts.
     *
     * @return whether that was so within the time
     */
    boolean awaitNone(ExpertSet experts, Duration limit) throws InterruptedException {
        long left = limit.toNanos();
        lock.lock();
        try {
            while (concerns(experts)) {
                if (left <= 0 || closed) {
                    return false;
                }
                left = emptied.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean concerns(ExpertSet experts) {
        Place current = computing;
        return (current != null && experts.contains(current.expert()))
                || waiting.keySet().stream().anyMatch(place -> experts.contains(place.expert()));
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            filled.signalAll();
            emptied.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
