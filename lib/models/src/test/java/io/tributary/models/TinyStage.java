package io.tributary.models;

import io.tributary.checkpoints.Checkpoint;
import io.tributary.kernels.KeyValueLayout;
import io.tributary.kernels.KeyValueType;
import io.tributary.kernels.WorkPool;
import io.tributary.models.architecture.Architecture;
import io.tributary.models.architecture.ArchitectureReader;
import io.tributary.models.packing.PackingCache;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/** A tiny random model in one stage with few pages, beside one with many that tells what logits must be. */
final class TinyStage implements AutoCloseable {
    static final int CONTEXT = 1024;
    private static final TestShape SHAPE = TestShape.plain(20, 4, 2, 6, 28);

    private final Checkpoint checkpoint;
    private final WorkPool pool = new WorkPool(1);
    private final Batch batch = new Batch(DecoderStage.DEFAULT_MAXIMAL_ROWS);
    private final DecoderStage stage;
    private final DecoderStage reference;

    TinyStage(Path directory, KeyValueType type, int pages) {
        this(directory, type, pages, "");
    }

    /** @param fields further ones of config.json, each followed by a comma */
    TinyStage(Path directory, KeyValueType type, int pages, String fields) {
        String configuration = "{" + SHAPE.json() + fields + """
                "architectures": ["LlamaForCausalLM"], "max_position_embeddings": %d, "rope_theta": 10000}
                """.formatted(CONTEXT);
        checkpoint = Checkpoint.open(TestWeights.random(SHAPE, 77).writeHuggingFace(directory, configuration));
        stage = load(type, pages);
        reference = load(type, 2 * CONTEXT / KeyValueLayout.PAGE_POSITIONS);
    }

    private DecoderStage load(KeyValueType type, int pages) {
        Architecture architecture = ArchitectureReader.read(checkpoint);
        long page = SHAPE.layers() * new KeyValueLayout(SHAPE.keyValueHeads(), SHAPE.headSize(), type).pageBytes();
        return DecoderStage.load(
                checkpoint,
                architecture,
                StageRange.of(0, 1, SHAPE.layers()),
                pool,
                new KeyValueBudget(pages * page, type),
                DecoderStage.DEFAULT_MAXIMAL_ROWS,
                PackingCache.off());
    }

    static int[] tokens(long seed, int count) {
        return new Random(seed).ints(count, 0, SHAPE.vocabulary()).toArray();
    }

    DecoderStage stage() {
        return stage;
    }

    KeyValueUse use() {
        return stage.keyValueUse();
    }

    /** Computes the next tokens of a sequence of the stage and returns the bits of the last one's logits. */
    int[] run(SequenceState sequence, int... tokens) {
        return run(stage, sequence, tokens);
    }

    /** Computes the tokens from where the sequence stands to the end of the array, and has them remembered. */
    int[] runOn(SequenceState sequence, int... tokens) {
        int from = sequence.positions();
        int[] added = Arrays.copyOfRange(tokens, from, tokens.length);
        int[] bits = run(sequence, added);
        stage.prefixCache().remember(sequence, from, added);
        return bits;
    }

    /** The bits of the last token's logits in a sequence that shares nothing. */
    int[] expected(int maximalPositions, int... tokens) {
        try (SequenceState fresh = reference.open(maximalPositions)) {
            return run(reference, fresh, tokens);
        }
    }

    private int[] run(DecoderStage computing, SequenceState sequence, int... tokens) {
        for (int from = 0; from < tokens.length; from += DecoderStage.DEFAULT_MAXIMAL_ROWS) {
            int to = Math.min(tokens.length, from + DecoderStage.DEFAULT_MAXIMAL_ROWS);
            batch.clear();
            batch.add(sequence, sequence.positions(), Arrays.copyOfRange(tokens, from, to), LogitsRows.LAST);
            computing.forward(batch);
        }
        return computing.logits().rows(0, 1).data().toArray(ValueLayout.JAVA_INT);
    }

    @Override
    public void close() {
        stage.close();
        reference.close();
        pool.close();
        checkpoint.close();
    }
}
