package io.tributary.router;

import com.google.rpc.Status;
import io.micrometer.core.instrument.MeterRegistry;
import io.tributary.edge.ExpertConfiguration.Transport;
import io.tributary.log.ActivationLog;
import io.tributary.proto.router.v1.ExpertResult;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** A loaded router with its loop, and whatever reaches its experts. Thread-safe: what is done with it is done on its loop. */
final class RunningRouter implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(RunningRouter.class);
    private static final Duration LONGEST_GOODBYE = Duration.ofSeconds(2);

    private final LoopThread loop;
    private final GatedModel model;
    private final Router router;
    private final Placements placements;
    private @Nullable Attachments attachments;
    /** Ends what reaches the experts, and tells whether it has ended. */
    private BooleanSupplier experts = () -> true;

    private RunningRouter(GatedModel model, RouterLimits limits, MeterRegistry registry) {
        this.model = model;
        loop = new LoopThread("router");
        router = new Router(loop, model, limits, new RouterFigures(registry));
        placements = new Placements(loop, router.directory(), new PlacementCheck(model.layers()));
    }

    /**
     * Starts a router.
     *
     * @param threads that compute experts of this process, if it does
     * @param logs the log with so many lanes; stays open
     */
    static RunningRouter start(
            GatedModel model,
            RouterLimits limits,
            Transport transport,
            int threads,
            IntFunction<ActivationLog> logs,
            MeterRegistry registry) {
        RunningRouter started = new RunningRouter(model, limits, registry);
        try {
            started.reachExperts(limits, transport, threads, logs);
            return started;
        } catch (RuntimeException failure) {
            started.loop.end();
            throw failure;
        }
    }

    private void reachExperts(RouterLimits limits, Transport transport, int threads, IntFunction<ActivationLog> logs) {
        if (model.layers().all().isEmpty()) {
            return;
        }
        switch (transport) {
            case DIRECT -> {
                DirectExperts direct = new DirectExperts(model, threads, limits.windowRows(), new LoopOutcomes());
                experts = direct::end;
                loop.execute(() -> router.directory().add(new ExpertShard(direct.announcement(), direct, loop.now())));
            }
            case GRPC -> attachments = attachments(limits, new CallTransport());
            case KAFKA -> {
                LogTransport log =
                        new LogTransport(logs.apply(model.layers().all().size()), model.name(), new LoopOutcomes());
                experts = log::end;
                attachments = attachments(limits, log);
            }
        }
    }

    private Attachments attachments(RouterLimits limits, ShardTransport transport) {
        AnnouncementCheck check = new AnnouncementCheck(
                model.fingerprint(), model.layerCount(), model.layers().all().size(), transport.kind());
        return new Attachments(loop, limits, check, transport, router, placements);
    }

    GatedModel model() {
        return model;
    }

    /** For what may be asked from any thread. */
    Router router() {
        return router;
    }

    /** Does something with the router. */
    void execute(Consumer<Router> task) {
        loop.execute(() -> task.accept(router));
    }

    /** Does something with placements. */
    void place(Consumer<Placements> task) {
        loop.execute(() -> task.accept(placements));
    }

    /** What shards attach to; empty if the experts are in this process, or there are none. */
    Optional<Attachments> attachments() {
        return Optional.ofNullable(attachments);
    }

    /** Does something on the loop. */
    void run(Runnable task) {
        loop.execute(task);
    }

    @Override
    public void close() {
        sayGoodbye();
        boolean loopEnded = loop.end();
        boolean expertsEnded = experts.getAsBoolean();
        if (loopEnded && expertsEnded) {
            model.close();
        } else {
            // Kernels read freed memory without a check; the process, which is ending, frees it anyway.
            LOG.warn("a thread of the router has not ended in time");
        }
    }

    private void sayGoodbye() {
        CountDownLatch said = new CountDownLatch(1);
        loop.execute(() -> {
            router.close(Problems.unavailable("this router is shutting down; another one serves on"));
            said.countDown();
        });
        try {
            said.await(LONGEST_GOODBYE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Brings what becomes of work onto the loop. */
    private final class LoopOutcomes implements Outcomes {
        @Override
        public void result(ExpertResult result) {
            loop.execute(() -> router.result(result));
        }

        @Override
        public void unsent(long workId, Status reason) {
            loop.execute(() -> router.dispatch().unsent(workId, reason));
        }
    }
}
