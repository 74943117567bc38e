package io.tributary.models;

import io.tributary.checkpoints.Checkpoint;
import io.tributary.kernels.FloatMatrix;
import io.tributary.kernels.KeyValueType;
import io.tributary.kernels.WorkPool;
import io.tributary.models.architecture.Architecture;
import io.tributary.models.architecture.ArchitectureReader;
import io.tributary.models.packing.PackingCache;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** A whole model of one or several stages for tests, which hands hidden states from stage to stage as bytes. */
final class Pipeline implements AutoCloseable {
    private static final KeyValueBudget KEY_VALUES = new KeyValueBudget(64L << 20, KeyValueType.F32);

    private final Checkpoint checkpoint;
    private final WorkPool pool;
    private final List<DecoderStage> stages = new ArrayList<>();

    Pipeline(Path path, int stageCount, int threads) {
        this(path, stageCount, threads, UnaryOperator.identity());
    }

    Pipeline(Path path, int stageCount, int threads, PackingCache cache) {
        this(path, stageCount, threads, UnaryOperator.identity(), cache);
    }

    /** @param change what becomes of the architecture that the checkpoint states */
    Pipeline(Path path, int stageCount, int threads, UnaryOperator<Architecture> change) {
        this(path, stageCount, threads, change, PackingCache.off());
    }

    private Pipeline(Path path, int stageCount, int threads, UnaryOperator<Architecture> change, PackingCache cache) {
        checkpoint = Checkpoint.open(path);
        pool = new WorkPool(threads);
        Architecture architecture = change.apply(ArchitectureReader.read(checkpoint));
        for (int index = 0; index < stageCount; index++) {
            StageRange range =
                    StageRange.of(index, stageCount, architecture.layers().size());
            stages.add(DecoderStage.load(
                    checkpoint, architecture, range, pool, KEY_VALUES, DecoderStage.DEFAULT_MAXIMAL_ROWS, cache));
        }
    }

    Architecture architecture() {
        return stages.getFirst().architecture();
    }

    DecoderStage stage(int index) {
        return stages.get(index);
    }

    Sequence open(int maximalPositions) {
        return new Sequence(maximalPositions);
    }

    /** The logits of all positions of a sequence, computed in chunks of that length; row-major. */
    float[] logits(int[] tokens, int chunk) {
        try (Sequence sequence = open(tokens.length)) {
            float[] logits = new float[tokens.length * architecture().vocabularySize()];
            int filled = 0;
            for (int start = 0; start < tokens.length; start += chunk) {
                int[] part = Arrays.copyOfRange(tokens, start, Math.min(tokens.length, start + chunk));
                float[] rows =
                        run(List.of(new Chunk(sequence, part)), LogitsRows.ALL).getFirst();
                System.arraycopy(rows, 0, logits, filled, rows.length);
                filled += rows.length;
            }
            return logits;
        }
    }

    /** The tokens that follow a prompt when the highest logit wins. */
    int[] greedy(int[] prompt, int count) {
        int[] generated = new int[count];
        try (Sequence sequence = open(prompt.length + count)) {
            int[] input = prompt;
            for (int step = 0; step < count; step++) {
                float[] logits = run(List.of(new Chunk(sequence, input)), LogitsRows.LAST)
                        .getFirst();
                generated[step] = highest(logits);
                input = new int[] {generated[step]};
            }
        }
        return generated;
    }

    /** Runs one batch through all stages and returns the wanted logits of each chunk. */
    List<float[]> run(List<Chunk> chunks, LogitsRows wanted) {
        List<byte[]> hidden = new ArrayList<>();
        Batch batch = new Batch(stages.getFirst().maximalRows());
        for (int index = 0; index < stages.size(); index++) {
            DecoderStage stage = stages.get(index);
            batch.clear();
            for (int number = 0; number < chunks.size(); number++) {
                Chunk chunk = chunks.get(number);
                SequenceState state = chunk.sequence().states.get(index);
                int first = state.positions() + earlierRows(chunks, number);
                LogitsRows rows = stage.range().last() ? wanted : LogitsRows.NONE;
                if (stage.range().first()) {
                    batch.add(state, first, chunk.tokens(), rows);
                } else {
                    batch.add(state, first, MemorySegment.ofArray(hidden.get(number)), chunk.tokens().length, rows);
                }
            }
            stage.forward(batch);
            hidden = hidden(stage, batch);
        }
        return logits(stages.getLast(), batch);
    }

    private static int earlierRows(List<Chunk> chunks, int number) {
        return chunks.subList(0, number).stream()
                .filter(chunk -> chunk.sequence() == chunks.get(number).sequence())
                .mapToInt(chunk -> chunk.tokens().length)
                .sum();
    }

    private static List<byte[]> hidden(DecoderStage stage, Batch batch) {
        List<byte[]> hidden = new ArrayList<>();
        for (int chunk = 0; chunk < batch.chunks(); chunk++) {
            FloatMatrix rows = stage.hidden().rows(batch.firstRow(chunk), batch.rows(chunk));
            hidden.add(rows.data().toArray(ValueLayout.JAVA_BYTE));
        }
        return hidden;
    }

    private static List<float[]> logits(DecoderStage stage, Batch batch) {
        List<float[]> logits = new ArrayList<>();
        for (int chunk = 0; chunk < batch.chunks(); chunk++) {
            FloatMatrix rows = stage.logits().rows(batch.firstLogitsRow(chunk), batch.logitsRows(chunk));
            logits.add(rows.data().toArray(ValueLayout.JAVA_FLOAT));
        }
        return logits;
    }

    static int highest(float[] logits) {
        int best = 0;
        for (int id = 1; id < logits.length; id++) {
            if (logits[id] > logits[best]) {
                best = id;
            }
        }
        return best;
    }

    @Override
    public void close() {
        stages.forEach(DecoderStage::close);
        pool.close();
        checkpoint.close();
    }

    /** A sequence with its state on every stage. */
    final class Sequence implements AutoCloseable {
        private final List<SequenceState> states = new ArrayList<>();

        private Sequence(int maximalPositions) {
            stages.forEach(stage -> states.add(stage.open(maximalPositions)));
        }

        private Sequence(Sequence source, int positions, int maximalPositions) {
            for (int stage = 0; stage < stages.size(); stage++) {
                states.add(stages.get(stage).fork(source.states.get(stage), positions, maximalPositions));
            }
        }

        /** A sequence that begins with the first positions of this one on every stage. */
        Sequence fork(int positions, int maximalPositions) {
            return new Sequence(this, positions, maximalPositions);
        }

        /** Has every stage remember the tokens, which are all that the sequence has computed. */
        void remember(int... tokens) {
            for (int stage = 0; stage < stages.size(); stage++) {
                stages.get(stage).prefixCache().remember(states.get(stage), 0, tokens);
            }
        }

        /** Adopts what the stages remember, and returns how many positions each adopted. */
        List<Integer> adopt(int... tokens) {
            List<Integer> adopted = new ArrayList<>();
            for (int stage = 0; stage < stages.size(); stage++) {
                adopted.add(stages.get(stage).prefixCache().adopt(states.get(stage), tokens, tokens.length));
            }
            return adopted;
        }

        @Override
        public void close() {
            states.forEach(SequenceState::close);
        }
    }

    /** The next tokens of a sequence. */
    static final class Chunk {
        private final Sequence sequence;
        private final int[] tokens;

        Chunk(Sequence sequence, int... tokens) {
            this.sequence = sequence;
            this.tokens = tokens.clone();
        }

        Sequence sequence() {
            return sequence;
        }

        int[] tokens() {
            return tokens;
        }
    }
}
