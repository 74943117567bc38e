package io.tributary.models;

import io.tributary.checkpoints.Checkpoint;
import io.tributary.checkpoints.SafetensorsWriter;
import io.tributary.checkpoints.StoredTensor;
import io.tributary.kernels.KeyValueLayout;
import io.tributary.kernels.KeyValueType;
import io.tributary.kernels.WorkPool;
import io.tributary.models.architecture.MixtureOfExperts;
import io.tributary.models.experts.ExpertStatistics;
import io.tributary.models.packing.PackingCache;
import io.tributary.models.weights.WeightLoader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The experts of one layer alone, computed with rows that a test gives. */
final class TestMixtureBlock implements AutoCloseable {
    private static final int MAXIMAL_ROWS = 320;
    private static final KeyValueLayout LAYOUT = new KeyValueLayout(1, 2, KeyValueType.F32);

    private final int width;
    private final Arena arena = Arena.ofShared();
    private final WorkPool pool;
    private final Checkpoint checkpoint;
    private final KeyValuePool pages;
    private final Workspace workspace;
    private final MixtureOfExpertsBlock block;

    /** @param tensors named as those of layer 0 of a Hugging Face checkpoint */
    TestMixtureBlock(
            Path directory, MixtureOfExperts specification, int width, int threads, List<StoredTensor> tensors) {
        this.width = width;
        try {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("config.json"), "{}");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        SafetensorsWriter.write(directory.resolve("model.safetensors"), tensors);
        pool = new WorkPool(threads);
        checkpoint = Checkpoint.open(directory);
        pages = new KeyValuePool(arena, MAXIMAL_ROWS * LAYOUT.pageBytes(), List.of(LAYOUT));
        workspace = new Workspace(arena, pool, MAXIMAL_ROWS, width, KeyValueType.F32);
        WeightLoader loader =
                new WeightLoader(checkpoint, arena, PackingCache.off().open(checkpoint, "layer 0", arena, pool));
        block = new MixtureOfExpertsBlock(
                specification, 0, width, loader, workspace, new ExpertStatistics(specification.experts(), List.of(0)));
    }

    /** What the block adds to the residual [rows, width]; rows are those of sequences of the given lengths. */
    float[] run(float[] x, int... lengths) {
        Batch batch = new Batch(MAXIMAL_ROWS);
        for (int length : lengths) {
            SequenceState sequence = new SequenceState(pages, 1, MAXIMAL_ROWS, new double[0][]);
            batch.add(sequence, 0, new int[length], LogitsRows.NONE);
        }
        int rows = batch.rows();
        workspace.plan().place(batch);
        MemorySegment input = workspace.normalized().front(rows).data();
        MemorySegment.copy(x, 0, input, ValueLayout.JAVA_FLOAT, 0, rows * width);
        block.run(rows);
        for (int chunk = 0; chunk < batch.chunks(); chunk++) {
            batch.sequence(chunk).close();
        }
        return workspace.summand().front(rows).data().toArray(ValueLayout.JAVA_FLOAT);
    }

    @Override
    public void close() {
        arena.close();
        checkpoint.close();
        pool.close();
    }
}
