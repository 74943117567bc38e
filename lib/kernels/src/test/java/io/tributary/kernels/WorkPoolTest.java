package io.tributary.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WorkPoolTest {
    @Test
    void everyPartRunsExactlyOnceWithAWorkerOfItsOwn() {
        try (WorkPool pool = new WorkPool(4)) {
            AtomicIntegerArray busy = new AtomicIntegerArray(pool.threads());
            AtomicInteger clashes = new AtomicInteger();
            for (int parts = 0; parts < 400; parts++) {
                AtomicIntegerArray runs = new AtomicIntegerArray(parts + 1);
                pool.forEach(parts, (part, worker) -> {
                    clashes.addAndGet(busy.incrementAndGet(worker) - 1);
                    runs.incrementAndGet(part);
                    busy.decrementAndGet(worker);
                });
                for (int part = 0; part < parts; part++) {
                    assertThat(runs.get(part)).as("part %s of %s", part, parts).isEqualTo(1);
                }
                assertThat(runs.get(parts)).isZero();
            }
            assertThat(clashes).hasValue(0);
        }
    }

    @Test
    void theFirstFailureIsThrownAndThePoolStaysUsable() {
        try (WorkPool pool = new WorkPool(3)) {
            IllegalStateException failure = new IllegalStateException("part 5 broke");
            for (int round = 0; round < 50; round++) {
                assertThatThrownBy(() -> pool.forEach(20, (part, worker) -> {
                            if (part == 5) {
                                throw failure;
                            }
                        }))
                        .isSameAs(failure);
                AtomicInteger runs = new AtomicInteger();
                pool.forEach(20, (part, worker) -> runs.incrementAndGet());
                assertThat(runs).hasValue(20);
            }
        }
    }

    @Test
    void callersOnOtherThreadsWaitForTheirTurn() throws InterruptedException {
        try (WorkPool pool = new WorkPool(2)) {
            AtomicInteger active = new AtomicInteger();
            AtomicInteger overlaps = new AtomicInteger();
            AtomicInteger runs = new AtomicInteger();
            List<Thread> callers = new ArrayList<>();
            for (int caller = 0; caller < 4; caller++) {
                int mine = 1 << (caller * 8);
                callers.add(Thread.ofPlatform().start(() -> {
                    for (int call = 0; call < 200; call++) {
                        pool.forEach(7, (part, worker) -> {
                            int before = active.getAndAdd(mine);
                            overlaps.addAndGet((before & ~(0xff * mine)) == 0 ? 0 : 1);
                            runs.incrementAndGet();
                            active.addAndGet(-mine);
                        });
                    }
                }));
            }
            for (Thread caller : callers) {
                caller.join();
            }
            assertThat(runs).hasValue(4 * 200 * 7);
            assertThat(overlaps).hasValue(0);
        }
    }

    @Test
    void closingEndsTheThreads() {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        WorkPool pool = new WorkPool(3);
        Set<Thread> workers = new HashSet<>(Thread.getAllStackTraces().keySet());
        workers.removeAll(before);
        workers.removeIf(thread -> !thread.getName().startsWith("tributary-worker-"));
        assertThat(workers).hasSize(2).allMatch(Thread::isDaemon);
        pool.close();
        pool.close();

        assertThat(workers).noneMatch(Thread::isAlive);
        assertThatThrownBy(() -> pool.forEach(1, (part, worker) -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the pool is closed");
    }

    @Test
    void oneThreadRunsInlineInOrder() {
        try (WorkPool pool = new WorkPool(1)) {
            List<String> runs = new ArrayList<>();
            Thread caller = Thread.currentThread();
            pool.forEach(3, (part, worker) -> runs.add(part + " " + worker + " " + (Thread.currentThread() == caller)));

            assertThat(runs).containsExactly("0 0 true", "1 0 true", "2 0 true");
        }
    }

    @Test
    void aCallFromWithinAPartIsRefused() {
        try (WorkPool pool = new WorkPool(2)) {
            WorkPool.Part nested = (part, worker) -> pool.forEach(2, (inner, innerWorker) -> {});

            assertThatThrownBy(() -> pool.forEach(8, nested))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("a part of a pool may not start another computation in the same pool");
        }
    }

    @Test
    void aCallAllocatesNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (WorkPool pool = new WorkPool(2)) {
            AtomicIntegerArray runs = new AtomicIntegerArray(16);
            WorkPool.Part part = (index, worker) -> runs.incrementAndGet(index);
            long allocated = 0;
            for (int round = 0; round < 20; round++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int call = 0; call < 1000; call++) {
                    pool.forEach(16, part);
                }
                allocated = threads.getCurrentThreadAllocatedBytes() - before;
            }
            assertThat(allocated).as("bytes in 1000 calls").isLessThan(1000);
        }
    }

    @Test
    void aPoolWithoutThreadsIsRefused() {
        assertThatThrownBy(() -> new WorkPool(0).close())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a pool of 0 threads; it must have 1 to 1024");
    }
}
