package io.tributary.models;

import com.sun.management.ThreadMXBean;
import io.tributary.checkpoints.Checkpoint;
import io.tributary.kernels.KeyValueType;
import io.tributary.kernels.WorkPool;
import io.tributary.models.architecture.Architecture;
import io.tributary.models.architecture.ArchitectureReader;
import io.tributary.models.packing.PackingCache;
import java.lang.management.ManagementFactory;

/** A program that measures how many bytes a forward pass allocates per token, once its kernels are compiled. */
final class AllocationProbe {
    private static final KeyValueBudget KEY_VALUES = new KeyValueBudget(1 << 20, KeyValueType.F16);
    private static final int MAXIMAL_ROUNDS = 4000;

    private AllocationProbe() {}

    /** Prints the least bytes per token of several sequences, until that is below a bound: model, bound. */
    public static void main(String... arguments) {
        System.out.println(leastBytesPerToken(arguments[0], Long.parseLong(arguments[1])));
    }

    private static long leastBytesPerToken(String model, long bound) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Golden golden = new Golden(model);
                Checkpoint checkpoint = Checkpoint.open(golden.directory());
                WorkPool pool = new WorkPool(1)) {
            Architecture architecture = ArchitectureReader.read(checkpoint);
            StageRange range = StageRange.of(0, 1, architecture.layers().size());
            try (DecoderStage stage =
                    DecoderStage.load(checkpoint, architecture, range, pool, KEY_VALUES, 32, PackingCache.off())) {
                Batch batch = new Batch(32);
                int[] token = {7};
                long least = Long.MAX_VALUE;
                // Until the kernels are compiled their vectors live on the heap.
                for (int round = 0; round < MAXIMAL_ROUNDS && least >= bound; round++) {
                    least = Math.min(least, allocated(threads, stage, batch, token));
                }
                return least;
            }
        }
    }

    /** Bytes per token over one sequence, the opening of the sequence left out. */
    private static long allocated(ThreadMXBean threads, DecoderStage stage, Batch batch, int[] token) {
        try (SequenceState sequence = stage.open(64)) {
            long before = 0;
            for (int position = 0; position < 64; position++) {
                if (position == 1) {
                    before = threads.getCurrentThreadAllocatedBytes();
                }
                batch.clear();
                batch.add(sequence, position, token, LogitsRows.LAST);
                stage.forward(batch);
                stage.prefixCache().remember(sequence, position, token);
            }
            return (threads.getCurrentThreadAllocatedBytes() - before) / 63;
        }
    }
}
