package io.tributary.decoder.experts;

import com.google.rpc.Code;
import com.google.rpc.Status;
import io.tributary.kernels.FloatMatrix;
import io.tributary.models.ExpertBank;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import org.jboss.logging.Logger;

/** The one thread that computes with the bank: all that waits for an expert of a layer as one matrix. */
final class ExpertCompute implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ExpertCompute.class);
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(20);

    private final ExpertBank bank;
    private final ExpertQueue queue;
    private final ExpertFigures figures;
    private final Runnable afterEach;
    private final Runnable stopped;
    private final long rowBytes;
    private final Thread thread;

    /**
     * Begins to compute.
     *
     * @param afterEach run by the thread after each matrix, when the queue is shorter
     * @param stopped run by the thread if it ends on an error
     */
    ExpertCompute(ExpertBank bank, ExpertQueue queue, ExpertFigures figures, Runnable afterEach, Runnable stopped) {
        this.bank = bank;
        this.queue = queue;
        this.figures = figures;
        this.afterEach = afterEach;
        this.stopped = stopped;
        this.rowBytes = (long) bank.width() * Float.BYTES;
        this.thread = Thread.ofPlatform().name("tributary-experts").daemon().start(this::run);
    }

    /** Whether it still computes: a matrix may be under way. */
    boolean running() {
        return thread.isAlive();
    }

    private void run() {
        try {
            for (ExpertQueue.Taken taken = queue.take(bank.maximalRows());
                    taken != null;
                    taken = queue.take(bank.maximalRows())) {
                compute(taken);
                afterEach.run();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error failure) {
            LOG.error("the expert shard stopped on an error of its own; its readiness says so", failure);
            stopped.run();
        }
    }

    /** A fault in one matrix ends the works in it and nothing else. */
    private void compute(ExpertQueue.Taken taken) {
        long start = System.nanoTime();
        try {
            FloatMatrix input = bank.input(taken.rows());
            fill(input.data(), taken);
            hand(bank.compute(taken.layer(), taken.expert(), taken.rows()).data(), taken);
            figures.computed(taken.rows(), System.nanoTime() - start);
        } catch (IllegalArgumentException notHeld) {
            // It was let go of after the work had been taken in.
            fail(taken, Code.NOT_FOUND, String.valueOf(notHeld.getMessage()));
        } catch (RuntimeException | OutOfMemoryError fault) {
            LOG.error("an expert failed on an internal error; the works with it end", fault);
            fail(taken, Code.INTERNAL, "an internal error in an expert shard; its log has the cause");
        }
    }

    private void fill(MemorySegment input, ExpertQueue.Taken taken) {
        long offset = 0;
        for (ExpertQueue.Slice slice : taken.slices()) {
            long bytes = slice.count() * rowBytes;
            MemorySegment.copy(slice.part().rows(), slice.first() * rowBytes, input, offset, bytes);
            offset += bytes;
        }
    }

    private void hand(MemorySegment output, ExpertQueue.Taken taken) {
        long offset = 0;
        for (ExpertQueue.Slice slice : taken.slices()) {
            long bytes = slice.count() * rowBytes;
            MemorySegment.copy(output, offset, slice.part().output(), slice.first() * rowBytes, bytes);
            offset += bytes;
            if (slice.part().computed(slice.count())) {
                queue.remove(slice.part().task().key());
            }
        }
    }

    private void fail(ExpertQueue.Taken taken, Code code, String message) {
        Status problem = Status.newBuilder()
                .setCode(code.getNumber())
                .setMessage(message)
                .build();
        for (ExpertQueue.Slice slice : taken.slices()) {
            figures.refused();
            slice.part().task().fail(problem);
            queue.remove(slice.part().task().key());
        }
    }

    /** Ends after the matrix in hand; what waits is left. */
    @Override
    public void close() {
        queue.close();
        try {
            if (!thread.join(STOP_DEADLINE)) {
                LOG.warnf("the experts did not stop within %s", STOP_DEADLINE);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
