package io.tributary.models;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.tributary.checkpoints.Checkpoint;
import io.tributary.kernels.KeyValueType;
import io.tributary.kernels.WorkPool;
import io.tributary.models.architecture.Architecture;
import io.tributary.models.architecture.ArchitectureReader;
import io.tributary.models.packing.PackingCache;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllocationTest {
    private static final KeyValueBudget KEY_VALUES = new KeyValueBudget(1 << 20, KeyValueType.F16);
    private static final int MAXIMAL_ROUNDS = 2000;
    /** About 500 bytes were measured: the argument reduction of StrictMath's sine and cosine. */
    private static final long BOUND = 2 << 10;

    @ParameterizedTest
    @ValueSource(strings = {"llama", "mixtral"})
    void aWarmForwardPassAllocatesLittlePerToken(String model) {
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
                for (int round = 0; round < MAXIMAL_ROUNDS && least >= BOUND; round++) {
                    least = Math.min(least, allocated(threads, stage, batch, token));
                }
                assertThat(least).as("bytes per token").isLessThan(BOUND);
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
