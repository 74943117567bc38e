package io.tributary.bench.model;

import io.tributary.bench.WrongUsageException;
import io.tributary.checkpoints.Checkpoint;
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
import io.tributary.models.packing.PackingCache;
import io.tributary.models.packing.StagePacking;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** The whole model as one stage, driven as the decoder service drives it. Tokens are random: their values cost nothing. */
final class TributaryEngine implements Engine {
    private static final KeyValueType TYPE = KeyValueType.F16;
    private static final double NANOS = 1e9;
    private static final long SEED = 20_260_923;

    private final DecoderStage stage;
    private final Batch batch;
    private final int[] oneToken = new int[1];
    private final SplittableRandom random = new SplittableRandom(SEED);

    private TributaryEngine(DecoderStage stage) {
        this.stage = stage;
        this.batch = new Batch(stage.maximalRows());
    }

    /**
     * Loads the model.
     *
     * @param checkpoint stays open for as long as the engine
     * @param cache may have the weights packed
     * @throws WrongUsageException when the workload does not fit the model
     */
    static TributaryEngine load(
            Checkpoint checkpoint, Architecture architecture, WorkPool pool, Workload workload, PackingCache cache) {
        if (workload.longestSequence() > architecture.contextLength()) {
            throw new WrongUsageException(
                    "--prompt or --generate",
                    workload.longestSequence(),
                    "the context of the model has " + architecture.contextLength() + " positions");
        }
        StageRange whole = StageRange.of(0, 1, architecture.layers().size());
        return new TributaryEngine(DecoderStage.load(
                checkpoint,
                architecture,
                whole,
                pool,
                keyValues(architecture, workload),
                DecoderStage.DEFAULT_MAXIMAL_ROWS,
                cache));
    }

    @Override
    public String name() {
        return "tributary";
    }

    @Override
    public String version() {
        return "0.1.0";
    }

    @Override
    public Round measure(Workload workload) {
        SortedMap<Integer, Double> parallel = new TreeMap<>();
        double prefill = workload.prompt() / secondsOfPrompt(workload.prompt());
        double decode = workload.generate() / secondsOfGeneration(1, 0, workload.generate());
        for (int sequences : workload.parallel()) {
            double seconds = secondsOfGeneration(sequences, Workload.PARALLEL_PROMPT, Workload.PARALLEL_GENERATE);
            parallel.put(sequences, sequences * Workload.PARALLEL_GENERATE / seconds);
        }
        return new Round(prefill, decode, parallel);
    }

    /** Where the packed weights came from, and whether they are on their way into the cache. */
    StagePacking packing() {
        return stage.packing();
    }

    /** Computes a prompt in chunks of as many rows as the stage takes, with logits behind its last token. */
    double secondsOfPrompt(int tokens) {
        int[] ids = tokens(tokens);
        try (SequenceState sequence = stage.open(tokens)) {
            long start = System.nanoTime();
            for (int from = 0; from < tokens; from += stage.maximalRows()) {
                int end = Math.min(tokens, from + stage.maximalRows());
                int[] chunk = Arrays.copyOfRange(ids, from, end);
                batch.clear();
                batch.add(sequence, from, chunk, end == tokens ? LogitsRows.LAST : LogitsRows.NONE);
                stage.forward(batch);
            }
            return (System.nanoTime() - start) / NANOS;
        }
    }

    /**
     * Generates with several sequences, a token each in a step. Their prompts are not timed.
     *
     * @param prompt tokens of each before; may be 0
     * @param steps tokens that each generates
     */
    double secondsOfGeneration(int sequences, int prompt, int steps) {
        List<SequenceState> open = new ArrayList<>();
        try {
            for (int index = 0; index < sequences; index++) {
                SequenceState sequence = stage.open(prompt + steps);
                open.add(sequence);
                if (prompt > 0) {
                    batch.clear();
                    batch.add(sequence, 0, tokens(prompt), LogitsRows.NONE);
                    stage.forward(batch);
                }
            }
            long start = System.nanoTime();
            for (int position = prompt; position < prompt + steps; position++) {
                step(open, position);
            }
            return (System.nanoTime() - start) / NANOS;
        } finally {
            open.forEach(SequenceState::close);
        }
    }

    /** Frees the weights; the checkpoint and the threads belong to the caller. */
    @Override
    public void close() {
        stage.close();
    }

    private void step(List<SequenceState> sequences, int position) {
        batch.clear();
        for (SequenceState sequence : sequences) {
            oneToken[0] = random.nextInt(stage.architecture().vocabularySize());
            batch.add(sequence, position, oneToken, LogitsRows.LAST);
        }
        stage.forward(batch);
    }

    private int[] tokens(int count) {
        return random.ints(count, 0, stage.architecture().vocabularySize()).toArray();
    }

    private static KeyValueBudget keyValues(Architecture architecture, Workload workload) {
        long single = pages(Math.max(workload.prompt(), workload.generate()));
        long together = workload.mostSequences() * pages(Workload.PARALLEL_PROMPT + Workload.PARALLEL_GENERATE);
        long positions = Math.max(single, together) * KeyValueLayout.PAGE_POSITIONS;
        return new KeyValueBudget(positions * architecture.keyValueBytesPerPosition(TYPE), TYPE);
    }

    private static long pages(int positions) {
        return Math.ceilDiv(positions, KeyValueLayout.PAGE_POSITIONS);
    }
}
