package io.tributary.decoder.experts;

import io.micrometer.core.instrument.MeterRegistry;
import io.tributary.edge.Routers;
import io.tributary.log.ActivationLog;
import io.tributary.models.ExpertBank;
import io.tributary.models.experts.ExpertSet;
import java.time.Duration;
import java.util.Optional;

/** A running expert shard: attached to every router, it computes what they send it. */
public final class ExpertShard implements AutoCloseable {
    /** Rows that may wait in memory, in bytes; more waits where it comes from. */
    private static final long MOST_WAITING_BYTES = 64L << 20;

    private final ExpertBank bank;
    private final ExpertQueue queue;
    private final HeldExperts held;
    private final Optional<ExpertWorkLog> workLog;
    private final RouterAttachments routers;
    private final ExpertCompute compute;

    /**
     * Attaches to the routers.
     *
     * @param bank with the experts that are offered at first; stays open, and is computed with by this shard alone until it has
     *     stopped
     * @param log over which work comes, with a lane for every expert; empty if it comes over the calls
     * @throws io.tributary.log.LogException when the log cannot be reached
     * @throws io.quarkus.runtime.configuration.ConfigurationException for routers or certificates that cannot be right
     */
    public ExpertShard(
            ExpertBank bank,
            ShardIdentity identity,
            Routers routers,
            Optional<ActivationLog> log,
            MeterRegistry registry) {
        this.bank = bank;
        ExpertFigures figures = new ExpertFigures(registry, identity.model());
        long rowBytes = (long) bank.width() * Float.BYTES;
        queue = new ExpertQueue(Math.max(bank.maximalRows(), MOST_WAITING_BYTES / rowBytes));
        held = new HeldExperts(bank, queue);
        WorkIntake intake = new WorkIntake(bank, queue, figures);
        workLog = log.map(opened -> new ExpertWorkLog(opened, identity, held.offered(), intake, held::offerNothing));
        // Whoever hears of an expert may append work for it, so its lane is read before.
        workLog.ifPresent(reading -> held.onChange(reading::follow));
        this.routers = new RouterAttachments(routers, () -> new RouterCall(identity, held, intake, queue));
        held.onChange(_ -> this.routers.announce());
        compute = new ExpertCompute(bank, queue, figures, this.routers::pull, held::offerNothing);
        figures.watch(this);
        this.routers.start();
    }

    /** The experts that routers may ask for. */
    public ExpertSet experts() {
        return held.offered();
    }

    /** Bytes of memory that the experts take. */
    public long weightBytes() {
        return bank.weightBytes();
    }

    /** Rows that wait to be computed. */
    public long waitingRows() {
        return queue.waitingRows();
    }

    /** Routers that have welcomed the shard. */
    public int attachedRouters() {
        return routers.attached();
    }

    /** Whether it computes what is sent; one that was closed may still do for a moment. */
    public boolean running() {
        return compute.running() && workLog.map(ExpertWorkLog::running).orElse(true);
    }

    /**
     * Offers no expert any more, for good, and waits until all that was sent is computed.
     *
     * @return whether that was so within the time
     */
    public boolean drain(Duration limit) throws InterruptedException {
        return held.drain(limit);
    }

    /** Leaves the routers, and ends after the matrix in hand. */
    @Override
    public void close() {
        held.close();
        routers.close();
        workLog.ifPresent(ExpertWorkLog::close);
        compute.close();
    }
}
