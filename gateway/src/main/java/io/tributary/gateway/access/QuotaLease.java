package io.tributary.gateway.access;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** The place that a session has in its caller's account. Thread-safe. */
public final class QuotaLease {
    private final Account account;
    private final AtomicInteger left;
    private final AtomicBoolean closed = new AtomicBoolean();

    QuotaLease(Account account, int maximalTokens) {
        this.account = account;
        this.left = new AtomicInteger(maximalTokens);
    }

    /** Charges a token of the answer. */
    public void generated() {
        left.decrementAndGet();
        account.charge(1);
    }

    /** The answer is complete: nothing more will be generated. */
    public void finished() {
        left.set(0);
    }

    /**
     * Gives the place back; a second time does nothing.
     *
     * @param outlivesStream whether the session goes on; then what it may still generate is charged now
     */
    public void close(boolean outlivesStream) {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        if (outlivesStream) {
            account.charge(Math.max(0, left.get()));
        }
        account.leave();
    }
}
