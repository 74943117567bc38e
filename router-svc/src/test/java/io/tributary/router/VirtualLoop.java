package io.tributary.router;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

/** A loop whose time a test moves on; everything runs in the test's thread. */
final class VirtualLoop implements Loop {
    private record Task(long due, long number, Runnable work) {}

    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::due).thenComparingLong(Task::number));
    private long now = 1;
    private long count;

    @Override
    public long now() {
        return now;
    }

    @Override
    public void execute(Runnable task) {
        after(0, task);
    }

    @Override
    public Timer after(long delay, Runnable work) {
        Task task = new Task(now + delay, count++, work);
        tasks.add(task);
        return () -> tasks.remove(task);
    }

    /** Runs what is due, and what that makes due. */
    void run() {
        advance(Duration.ZERO);
    }

    /** Lets time pass, and runs what becomes due at its time. */
    void advance(Duration time) {
        long end = now + time.toNanos();
        while (!tasks.isEmpty() && tasks.peek().due() <= end) {
            Task task = tasks.remove();
            now = Math.max(now, task.due());
            task.work().run();
        }
        now = end;
    }

    /** Tasks that are to run later. */
    int waiting() {
        return tasks.size();
    }
}
