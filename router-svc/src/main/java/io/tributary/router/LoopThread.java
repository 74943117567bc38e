package io.tributary.router;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** The loop of a running service, on a daemon thread of its own. */
final class LoopThread implements Loop {
    private static final Logger LOG = Logger.getLogger(LoopThread.class);
    private static final Duration LONGEST_TASK = Duration.ofSeconds(10);

    private final ScheduledThreadPoolExecutor executor;

    LoopThread(String name) {
        executor = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name(name).daemon().factory(), new ThreadPoolExecutor.DiscardPolicy());
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public long now() {
        return System.nanoTime();
    }

    @Override
    public void execute(Runnable task) {
        executor.execute(() -> run(task));
    }

    @Override
    public Timer after(long delay, Runnable task) {
        ScheduledFuture<?> scheduled = executor.schedule(() -> run(task), delay, TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }

    /** A task that fails must not take the router's other requests with it; its own run into their deadlines. */
    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error failure) {
            LOG.error("a task of the router failed", failure);
        }
    }

    /**
     * Waits for the running task within a deadline, and runs no other.
     *
     * @return whether the thread has ended
     */
    boolean end() {
        executor.shutdownNow();
        try {
            return executor.awaitTermination(LONGEST_TASK.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
