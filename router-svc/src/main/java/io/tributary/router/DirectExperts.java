package io.tributary.router;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import com.google.rpc.Code;
import com.google.rpc.Status;
import io.tributary.kernels.FloatMatrix;
import io.tributary.kernels.WorkPool;
import io.tributary.models.ExpertBank;
import io.tributary.models.experts.ExpertSet;
import io.tributary.models.packing.PackingCache;
import io.tributary.proto.router.v1.ExpertResult;
import io.tributary.proto.router.v1.ExpertRows;
import io.tributary.proto.router.v1.ExpertShardAnnouncement;
import io.tributary.proto.router.v1.ExpertWork;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** All experts in this process, as a shard that is always attached; they are computed by a thread of their own. */
final class DirectExperts implements ShardLink {
    private static final Logger LOG = Logger.getLogger(DirectExperts.class);
    private static final Duration LONGEST_END = Duration.ofSeconds(10);
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(1);

    private final GatedModel model;
    private final Outcomes outcomes;
    private final WorkPool pool;
    private final ExpertBank bank;
    /** Bounded by the rows that the router has under way. */
    private final BlockingQueue<ExpertWork> queue = new LinkedBlockingQueue<>();

    private final Thread computing;

    /**
     * Loads the experts.
     *
     * @param maximalRows of one expert in a work
     */
    DirectExperts(GatedModel model, int threads, int maximalRows, Outcomes outcomes) {
        this.model = model;
        this.outcomes = outcomes;
        pool = new WorkPool(threads);
        try {
            bank = load(model, pool, maximalRows);
        } catch (RuntimeException failure) {
            pool.close();
            throw failure;
        }
        computing = Thread.ofPlatform().name("router-experts").daemon().start(this::compute);
    }

    /** What it would announce if it were a shard of its own. */
    ExpertShardAnnouncement announcement() {
        return ExpertShardAnnouncement.newBuilder()
                .setShardId("direct")
                .setModelFingerprint(model.fingerprint())
                .setEndLayer(model.layerCount())
                .addAllExperts(() -> model.layers().all().indices().iterator())
                .build();
    }

    @Override
    public void send(ExpertWork work) {
        queue.add(work);
    }

    @Override
    public void cancel(long workId, int expert) {
        queue.removeIf(work -> work.getWorkId() == workId);
    }

    /** It holds all, and is asked for nothing else: no placement names it. */
    @Override
    public void hold(ExpertSet experts) {
        throw new IllegalStateException("the experts of this process are not placed");
    }

    @Override
    public void end(Status reason) {
        computing.interrupt();
    }

    @Override
    public boolean takesOneExpertAMessage() {
        return false;
    }

    private void compute() {
        try {
            while (true) {
                ExpertWork next = queue.poll(LONGEST_LOOK.toMillis(), TimeUnit.MILLISECONDS);
                if (next != null) {
                    answer(next);
                }
            }
        } catch (InterruptedException _) {
            LOG.debug("experts are not computed any more");
        }
    }

    private static ExpertBank load(GatedModel model, WorkPool pool, int maximalRows) {
        ExpertBank bank = ExpertBank.open(
                model.checkpoint(), model.architecture(), 0, model.layerCount(), pool, maximalRows, PackingCache.off());
        try {
            model.layers().all().indices().forEach(bank::add);
        } catch (RuntimeException failure) {
            bank.close();
            throw failure;
        }
        return bank;
    }

    private void answer(ExpertWork work) {
        ExpertResult.Builder result = ExpertResult.newBuilder().setWorkId(work.getWorkId());
        try {
            for (ExpertRows rows : work.getExpertsList()) {
                result.addOutputs(output(work.getLayer(), rows));
            }
        } catch (RuntimeException | OutOfMemoryError failure) {
            LOG.error("experts could not be computed", failure);
            result.clearOutputs().setError(Problems.of(Code.INTERNAL, Problems.messageOf(failure)));
        }
        outcomes.result(result.build());
    }

    private ByteString output(int layer, ExpertRows expert) {
        ByteString states = expert.getHiddenStates();
        int rows = states.size() / model.rowBytes();
        FloatMatrix input = bank.input(rows);
        states.copyTo(input.data().asSlice(0, states.size()).asByteBuffer());
        FloatMatrix output = bank.compute(layer, expert.getExpert(), rows);
        return UnsafeByteOperations.unsafeWrap(
                output.data().asSlice(0, states.size()).toArray(ValueLayout.JAVA_BYTE));
    }

    /**
     * Frees the experts, unless the running computation goes on beyond a deadline.
     *
     * @return whether it did
     */
    boolean end() {
        computing.interrupt();
        try {
            if (!computing.join(LONGEST_END)) {
                return false;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
        bank.close();
        pool.close();
        return true;
    }
}
