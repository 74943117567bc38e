package io.tributary.cli;

import io.tributary.checkpoints.Checkpoint;
import io.tributary.kernels.FloatMatrix;
import io.tributary.kernels.KernelPath;
import io.tributary.kernels.KeyValueLayout;
import io.tributary.kernels.KeyValueType;
import io.tributary.kernels.WorkPool;
import io.tributary.models.Batch;
import io.tributary.models.DecoderStage;
import io.tributary.models.KeyValueBudget;
import io.tributary.models.LogitsRows;
import io.tributary.models.SequenceState;
import io.tributary.models.StageRange;
import io.tributary.models.architecture.Architecture;
import io.tributary.models.architecture.ArchitectureReader;
import java.lang.foreign.SegmentAllocator;
import java.nio.file.Path;
import java.util.Arrays;

/** The logits behind every position of one sequence, without services around the model. */
final class SequenceLogits {
    private SequenceLogits() {}

    /**
     * Runs the whole model over exactly these tokens.
     *
     * @param ids at least one and at most the context
     * @param type how keys and values are stored
     * @param memory where the result is kept
     * @return [positions, vocabulary]
     */
    static FloatMatrix compute(Path model, int[] ids, KeyValueType type, SegmentAllocator memory) {
        KernelPath.warning().ifPresent(System.err::println);
        try (Checkpoint checkpoint = Checkpoint.open(model);
                WorkPool pool = new WorkPool(Runtime.getRuntime().availableProcessors())) {
            Architecture architecture = ArchitectureReader.read(checkpoint);
            if (ids.length > architecture.contextLength()) {
                throw new CommandFailedException("--ids has %d ids; the context of the model holds %d"
                        .formatted(ids.length, architecture.contextLength()));
            }
            long keyValueBytes = architecture.keyValueBytesPerPosition(type)
                    * Math.ceilDiv(ids.length, KeyValueLayout.PAGE_POSITIONS)
                    * KeyValueLayout.PAGE_POSITIONS;
            KeyValueBudget keyValues = new KeyValueBudget(keyValueBytes, type);
            StageRange whole = StageRange.of(0, 1, architecture.layers().size());
            try (DecoderStage stage = DecoderStage.load(checkpoint, architecture, whole, pool, keyValues)) {
                return compute(stage, ids, FloatMatrix.allocate(memory, ids.length, architecture.vocabularySize()));
            }
        }
    }

    private static FloatMatrix compute(DecoderStage stage, int[] ids, FloatMatrix logits) {
        Batch batch = new Batch(stage.maximalRows());
        try (SequenceState sequence = stage.open(ids.length)) {
            for (int from = 0; from < ids.length; from += stage.maximalRows()) {
                int[] chunk = Arrays.copyOfRange(ids, from, Math.min(ids.length, from + stage.maximalRows()));
                batch.clear();
                batch.add(sequence, from, chunk, LogitsRows.ALL);
                stage.forward(batch);
                logits.rows(from, chunk.length)
                        .data()
                        .copyFrom(stage.logits().rows(0, chunk.length).data());
            }
        }
        return logits;
    }
}
