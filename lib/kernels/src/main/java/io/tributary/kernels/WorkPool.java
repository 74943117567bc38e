package io.tributary.kernels;

import java.lang.foreign.Arena;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A fixed set of threads that share the parts of one computation at a time. The caller works too and counts as one
 * thread. Waiting threads spin for a short while, then park.
 */
public final class WorkPool implements AutoCloseable {
    /** The most threads of a pool: far beyond any machine this is for, so a larger number is a mistake. */
    public static final int MAXIMAL_THREADS = 1024;

    /** The gap between the calls of one forward pass is shorter than this, the gap between passes longer. */
    private static final long SPIN_NANOS = 50_000;

    /** About 25 microseconds of one thread: many times what a barrier costs, even where cores are scarce. */
    private static final long SHARED_OPERATIONS = 1L << 19;

    private static final int SPINS_PER_CLOCK = 64;
    private static final int GENERATION_SHIFT = 32;
    private static final Part NOTHING = (part, worker) -> {};

    /** One part of a computation. */
    @FunctionalInterface
    public interface Part {
        /**
         * Computes a part.
         *
         * @param part 0 to parts - 1
         * @param worker 0 to threads - 1; no two parts run at the same time with the same worker
         */
        void run(int part, int worker);
    }

    private final Arena arena = Arena.ofShared();
    private final Worker[] workers;
    private final WorkerScratch[] scratch;
    private final ReentrantLock calls = new ReentrantLock();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final AtomicInteger unfinished = new AtomicInteger();

    /**
     * The generation of the computation (upper half) and its parts not yet claimed (lower half) in one word, so that a
     * worker that comes late cannot claim a part of a computation it has not seen.
     */
    private final AtomicLong claims = new AtomicLong();

    private Part part = NOTHING;
    private int parts;
    private volatile @Nullable Thread waitingCaller;
    private volatile boolean closed;

    /**
     * Starts {@code threads - 1} daemon threads named tributary-worker-1 and so on.
     *
     * @throws IllegalArgumentException when threads is not 1 to 1024
     * @throws VectorModuleMissingError when vectors are asked for in a JVM without the Vector API
     */
    public WorkPool(int threads) {
        if (threads < 1 || threads > MAXIMAL_THREADS) {
            throw new IllegalArgumentException(
                    "a pool of " + threads + " threads; it must have 1 to " + MAXIMAL_THREADS);
        }
        KernelPath.require();
        scratch = new WorkerScratch[threads];
        for (int worker = 0; worker < threads; worker++) {
            scratch[worker] = new WorkerScratch(arena);
        }
        workers = new Worker[threads - 1];
        for (int i = 0; i < workers.length; i++) {
            workers[i] = new Worker(i + 1);
        }
        for (Worker worker : workers) {
            worker.start();
        }
    }

    /** The number of threads that compute, the caller included. */
    public int threads() {
        return workers.length + 1;
    }

    /**
     * Runs the parts 0 to {@code parts - 1}, each exactly once, and returns when all are done. Callers on other threads
     * wait for their turn. After a part has failed, parts that have not begun are skipped.
     *
     * @throws IllegalStateException when called from within a part of this pool, or after {@link #close}
     * @throws RuntimeException (or Error) the first failure of a part, as it was thrown
     */
    public void forEach(int parts, Part part) {
        forEach(parts, Long.MAX_VALUE, part);
    }

    /**
     * As {@link #forEach(int, Part)}, but what is less work than waking other threads is done by the caller alone. Which
     * thread runs a part never changes a result.
     *
     * @param operations multiply-adds of all parts together
     */
    public void forEach(int parts, long operations, Part part) {
        if (parts < 0) {
            throw new IllegalArgumentException("a computation of " + parts + " parts; 0 or more are possible");
        }
        if (calls.isHeldByCurrentThread() || isWorker(Thread.currentThread())) {
            throw new IllegalStateException("a part of a pool may not start another computation in the same pool");
        }
        calls.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the pool is closed");
            }
            if (workers.length == 0 || parts <= 1 || operations < SHARED_OPERATIONS) {
                for (int index = 0; index < parts; index++) {
                    part.run(index, 0);
                }
            } else {
                share(parts, part);
            }
        } finally {
            calls.unlock();
        }
    }

    /** Ends the threads, waits until they have ended, and frees their scratch memory. */
    @Override
    public void close() {
        calls.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            for (Worker worker : workers) {
                LockSupport.unpark(worker);
            }
            for (Worker worker : workers) {
                joinUninterrupted(worker);
            }
            arena.close();
        } finally {
            calls.unlock();
        }
    }

    WorkerScratch scratch(int worker) {
        return scratch[worker];
    }

    private void share(int count, Part work) {
        failure.set(null);
        part = work;
        parts = count;
        unfinished.set(count);
        long generation = (claims.get() >>> GENERATION_SHIFT) + 1;
        claims.set(generation << GENERATION_SHIFT | count);
        int helpers = Math.min(workers.length, count - 1);
        for (int i = 0; i < helpers; i++) {
            workers[i].wake();
        }
        runParts(0);
        awaitParts();
        part = NOTHING;
        rethrow(failure.get());
    }

    /** Claims and runs parts until none is left. */
    private void runParts(int worker) {
        long claim = claims.get();
        while ((int) claim > 0) {
            if (claims.compareAndSet(claim, claim - 1)) {
                // The claimed part is unfinished, so the computation it belongs to cannot be replaced meanwhile.
                runPart(parts - (int) claim, worker);
            }
            claim = claims.get();
        }
    }

    private void runPart(int index, int worker) {
        try {
            if (failure.get() == null) {
                part.run(index, worker);
            }
        } catch (Throwable thrown) {
            failure.compareAndSet(null, thrown);
        } finally {
            if (unfinished.decrementAndGet() == 0) {
                LockSupport.unpark(waitingCaller);
            }
        }
    }

    private void awaitParts() {
        long deadline = System.nanoTime() + SPIN_NANOS;
        for (int spins = 1; unfinished.get() > 0; spins++) {
            Thread.onSpinWait();
            if (spins % SPINS_PER_CLOCK == 0 && System.nanoTime() - deadline > 0) {
                break;
            }
        }
        if (unfinished.get() > 0) {
            waitingCaller = Thread.currentThread();
            boolean interrupted = false;
            while (unfinished.get() > 0) {
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
            waitingCaller = null;
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private boolean isWorker(Thread thread) {
        return thread instanceof Worker worker && worker.pool() == this;
    }

    private static void rethrow(@Nullable Throwable thrown) {
        switch (thrown) {
            case null -> {}
            case RuntimeException exception -> throw exception;
            case Error error -> throw error;
            default -> throw new IllegalStateException("a part threw a checked exception", thrown);
        }
    }

    private static void joinUninterrupted(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Worker extends Thread {
        private final int number;
        private volatile boolean parked;

        Worker(int number) {
            super("tributary-worker-" + number);
            this.number = number;
            setDaemon(true);
        }

        WorkPool pool() {
            return WorkPool.this;
        }

        void wake() {
            if (parked) {
                LockSupport.unpark(this);
            }
        }

        @Override
        public void run() {
            while (!closed) {
                runParts(number);
                awaitWork();
            }
        }

        private boolean isIdle() {
            return (int) claims.get() == 0 && !closed;
        }

        private void awaitWork() {
            long deadline = System.nanoTime() + SPIN_NANOS;
            for (int spins = 1; isIdle(); spins++) {
                Thread.onSpinWait();
                if (spins % SPINS_PER_CLOCK == 0 && System.nanoTime() - deadline > 0) {
                    break;
                }
            }
            parked = true;
            while (isIdle()) {
                LockSupport.park(WorkPool.this);
                // An interrupt of a worker means nothing, and would turn park into a busy loop.
                Thread.interrupted();
            }
            parked = false;
        }
    }
}
