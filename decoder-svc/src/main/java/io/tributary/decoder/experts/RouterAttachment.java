package io.tributary.decoder.experts;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.tributary.edge.RouterAddress;
import io.tributary.edge.Routers;
import io.tributary.log.Backoff;
import java.time.Duration;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Keeps a shard attached to one router, on a thread of its own, for as long as the router is one. */
final class RouterAttachment implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(RouterAttachment.class);
    /** Shards of one id throw each other out at once; one that stayed so long is welcome. */
    private static final Duration LONG_ATTACHED = Duration.ofSeconds(10);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(3);
    private static final Duration LONGEST_END = Duration.ofSeconds(5);

    private final RouterAddress router;
    private final ManagedChannel channel;
    private final Supplier<RouterCall> calls;
    private final Thread thread;
    private volatile @Nullable RouterCall current;
    private String lastProblem = "";

    /** @param calls makes a call for each attempt */
    RouterAttachment(RouterAddress router, Routers routers, Supplier<RouterCall> calls) {
        this.router = router;
        this.channel = routers.open(router);
        this.calls = calls;
        this.thread = Thread.ofVirtual().name("tributary-router-" + router).start(this::run);
    }

    /** The call that is under way, welcomed or not. */
    @Nullable
    RouterCall current() {
        return current;
    }

    /** Whether the router has welcomed the shard. */
    boolean attached() {
        RouterCall call = current;
        return call != null && call.attached();
    }

    private void run() {
        try {
            Backoff pauses = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
            while (!Thread.currentThread().isInterrupted()) {
                long begun = System.nanoTime();
                RouterCall call = calls.get();
                current = call;
                report(call.serve(channel));
                if (call.wasAttached()) {
                    lastProblem = "";
                }
                if (call.wasAttached() && System.nanoTime() - begun > LONG_ATTACHED.toNanos()) {
                    pauses = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
                }
                Thread.sleep(pauses.next());
                channel.resetConnectBackoff();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            channel.shutdownNow();
        }
    }

    private void report(Status end) {
        String problem = end.getCode() + ": " + end.getDescription();
        if (!problem.equals(lastProblem)) {
            lastProblem = problem;
            LOG.warnf("not attached to router %s, trying on: %s", router, problem);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(LONGEST_END);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
