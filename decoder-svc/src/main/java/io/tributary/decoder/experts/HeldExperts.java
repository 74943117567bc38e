package io.tributary.decoder.experts;

import com.google.rpc.Code;
import com.google.rpc.Status;
import io.tributary.models.ExpertBank;
import io.tributary.models.experts.ExpertSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;

/**
 * The experts that a shard offers to routers, and the orders to hold others, which are followed one after the other on a thread
 * of its own: beside the experts that compute meanwhile.
 */
final class HeldExperts implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(HeldExperts.class);
    private static final int MOST_ORDERS = 16;
    private static final ExpertSet NONE = ExpertSet.of(IntStream.empty());

    /** Routers may have sent work before they heard that an expert is not offered any more. */
    private static final Duration LINGER = Duration.ofMillis(500);

    private static final Duration LONGEST_LINGER = Duration.ofSeconds(30);

    private final ExpertBank bank;
    private final ExpertQueue queue;
    private final List<Consumer<ExpertSet>> listeners = new ArrayList<>();
    private final ThreadPoolExecutor orders = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_ORDERS),
            Thread.ofVirtual().name("tributary-expert-placement").factory());
    private volatile ExpertSet offered;
    private volatile boolean draining;

    /** Offers what the bank holds. */
    HeldExperts(ExpertBank bank, ExpertQueue queue) {
        this.bank = bank;
        this.queue = queue;
        this.offered = bank.experts();
    }

    /** Tells of every change, in the order in which they were added; before the shard runs. */
    void onChange(Consumer<ExpertSet> listener) {
        listeners.add(listener);
    }

    /** What routers may ask for. */
    ExpertSet offered() {
        return offered;
    }

    /**
     * Asks for exactly these experts.
     *
     * @param refused told why it cannot be; the shard then offers what it offered before
     */
    void order(ExpertSet wanted, Consumer<Status> refused) {
        try {
            orders.execute(() -> follow(wanted, refused));
        } catch (RejectedExecutionException _) {
            refused.accept(
                    status(Code.RESOURCE_EXHAUSTED, "%d orders to hold experts wait already".formatted(MOST_ORDERS)));
        }
    }

    private void follow(ExpertSet wanted, Consumer<Status> refused) {
        ExpertSet before = offered;
        try {
            if (draining) {
                refused.accept(status(Code.UNAVAILABLE, "the shard is being drained"));
                return;
            }
            load(wanted);
            withdraw(before.minus(wanted));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | OutOfMemoryError failure) {
            LOG.warnf(failure, "the experts %s cannot be held; the shard keeps %s", wanted, before);
            refused.accept(problem(failure));
            release(bank.experts().minus(before));
        }
    }

    private void load(ExpertSet wanted) {
        ExpertSet missing = wanted.minus(offered);
        if (missing.end() > bank.count()) {
            throw new IllegalArgumentException("expert %d does not exist; the model has %d, counted from 0"
                    .formatted(missing.end() - 1, bank.count()));
        }
        missing.indices().forEach(bank::add);
        if (!missing.isEmpty()) {
            offer(offered.plus(missing));
        }
    }

    /** Takes experts back and frees them when nobody waits for them any more. */
    private void withdraw(ExpertSet gone) throws InterruptedException {
        if (gone.isEmpty()) {
            return;
        }
        offer(offered.minus(gone));
        Thread.sleep(LINGER);
        if (!queue.awaitNone(gone, LONGEST_LINGER)) {
            LOG.warnf("work still waits for the experts %s, which go now", gone);
        }
        gone.indices().forEach(bank::remove);
    }

    private void release(ExpertSet added) {
        if (!added.isEmpty()) {
            try {
                offer(offered.minus(added));
            } finally {
                added.indices().forEach(bank::remove);
            }
        }
    }

    private synchronized void offer(ExpertSet experts) {
        offered = draining ? NONE : experts;
        listeners.forEach(listener -> listener.accept(offered));
    }

    /** Offers nothing any more, for good. */
    void offerNothing() {
        draining = true;
        offer(NONE);
    }

    /**
     * Offers nothing any more, and waits until all that was sent is computed.
     *
     * @return whether all that waited was computed within the time
     */
    boolean drain(Duration limit) throws InterruptedException {
        ExpertSet all = bank.experts();
        offerNothing();
        // What routers had sent before they knew is on its way.
        Thread.sleep(limit.compareTo(LINGER) < 0 ? limit : LINGER);
        return queue.awaitNone(all, limit);
    }

    private static Status problem(Throwable failure) {
        Code code =
                switch (failure) {
                    case IllegalArgumentException _ -> Code.INVALID_ARGUMENT;
                    case OutOfMemoryError _ -> Code.RESOURCE_EXHAUSTED;
                    default -> Code.INTERNAL;
                };
        return status(code, String.valueOf(failure.getMessage()));
    }

    private static Status status(Code code, String message) {
        return Status.newBuilder().setCode(code.getNumber()).setMessage(message).build();
    }

    @Override
    public void close() {
        orders.shutdownNow();
    }
}
