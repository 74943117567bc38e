package io.tributary.decoder;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Which records of a lane have all their effects in the log. The shard's thread makes entries and asks for the high-water
 * mark; appends are acknowledged on the log's threads.
 */
final class LaneLedger {
    private final Deque<Entry> open = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition acknowledged = lock.newCondition();
    private LaneMark end;
    private int appends;
    private volatile @Nullable Throwable failure;

    /** @param start what will be read first */
    LaneLedger(LaneMark start) {
        this.end = start;
    }

    /** Where a record's effects stand: done when the shard is through with it and the log holds all that came of it. */
    final class Entry {
        private final LaneMark mark;
        private final AtomicInteger pending = new AtomicInteger(1);

        private Entry(LaneMark mark) {
            this.mark = mark;
        }

        /** The point before the record. */
        LaneMark mark() {
            return mark;
        }

        /** Something more is to be done before the record is; {@link #release} says when it is. */
        void hold() {
            pending.incrementAndGet();
        }

        void release() {
            pending.decrementAndGet();
        }

        /** An append that came of the record is on its way. */
        void appending() {
            hold();
            lock.lock();
            try {
                appends++;
            } finally {
                lock.unlock();
            }
        }

        /** The log holds what was appended, or never will; in that case the record is never done. */
        void appended(@Nullable Throwable problem) {
            if (problem == null) {
                release();
            } else {
                failure = problem;
            }
            lock.lock();
            try {
                appends--;
                acknowledged.signalAll();
            } finally {
                lock.unlock();
            }
        }

        private boolean done() {
            return pending.get() == 0;
        }
    }

    /**
     * Enters the record at the end.
     *
     * @param after the point behind it
     */
    Entry enter(LaneMark after) {
        Entry entry = enter();
        end = after;
        return entry;
    }

    /** Enters something that no record is the cause of, as if it belonged to the next one. */
    Entry enter() {
        Entry entry = new Entry(end);
        open.add(entry);
        return entry;
    }

    /** The point up to which everything is read. */
    LaneMark end() {
        return end;
    }

    /** The point before the oldest record that is not done. */
    LaneMark highWater() {
        for (Entry first = open.peek(); first != null && first.done(); first = open.peek()) {
            open.remove();
        }
        Entry first = open.peek();
        return first == null ? end : first.mark();
    }

    /** Why an append failed for good, if one did: the lane must be started anew. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    /** Waits until no append is on its way, at most so long; returns whether none is. */
    boolean awaitAppends(Duration longest) {
        long remaining = TimeUnit.NANOSECONDS.convert(longest);
        lock.lock();
        try {
            while (appends > 0 && remaining > 0) {
                remaining = acknowledged.awaitNanos(remaining);
            }
            return appends == 0;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }
}
