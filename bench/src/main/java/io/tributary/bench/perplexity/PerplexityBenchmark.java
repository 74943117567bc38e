package io.tributary.bench.perplexity;

import io.tributary.bench.BenchException;
import io.tributary.checkpoints.Checkpoint;
import io.tributary.kernels.FloatMatrix;
import io.tributary.kernels.KeyValueLayout;
import io.tributary.kernels.KeyValueType;
import io.tributary.kernels.Softmax;
import io.tributary.kernels.WorkPool;
import io.tributary.models.Batch;
import io.tributary.models.DecoderStage;
import io.tributary.models.KeyValueBudget;
import io.tributary.models.LogitsRows;
import io.tributary.models.SequenceState;
import io.tributary.models.StageRange;
import io.tributary.models.architecture.Architecture;
import io.tributary.models.architecture.ArchitectureReader;
import io.tributary.tokenizers.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * Computes a text in windows that do not overlap. A window is as long as the context and begins with the token that begins
 * a text, or if the model has none with a token of the text that is not predicted.
 */
final class PerplexityBenchmark {
    private static final int LEAST_PREDICTIONS = 2;

    private final Path model;
    private final int threads;

    PerplexityBenchmark(Path model, int threads) {
        this.model = model;
        this.threads = threads;
    }

    /**
     * Lets the model predict the text once with each type.
     *
     * @throws BenchException when the text is too short
     * @throws io.tributary.checkpoints.CheckpointException when the model cannot be read
     * @throws io.tributary.models.architecture.ArchitectureException when the model cannot be computed
     * @throws io.tributary.tokenizers.TokenizerException when the model has no tokenizer that can be used
     */
    Map<KeyValueType, Surprise> run(String text, Collection<KeyValueType> types) {
        int[] tokens = tokens(text);
        Map<KeyValueType, Surprise> results = new EnumMap<>(KeyValueType.class);
        try (Checkpoint checkpoint = Checkpoint.open(model);
                WorkPool pool = new WorkPool(threads)) {
            Architecture architecture = ArchitectureReader.read(checkpoint);
            int[][] windows = windows(tokens, architecture);
            for (KeyValueType type : types) {
                try (DecoderStage stage = load(checkpoint, architecture, pool, type)) {
                    results.put(type, predict(stage, windows));
                }
            }
        }
        return results;
    }

    private int[] tokens(String text) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        try (Tokenizer tokenizer = Tokenizer.open(model, Math.max(1, bytes))) {
            return tokenizer.encode(text, false);
        }
    }

    private static int[][] windows(int[] tokens, Architecture architecture) {
        int beginning = architecture.beginningOfTextId().isPresent() ? 1 : 0;
        int textTokens = architecture.contextLength() - beginning;
        int[][] windows = new int[Math.ceilDiv(tokens.length, textTokens)][];
        int predictions = 0;
        for (int index = 0; index < windows.length; index++) {
            int from = index * textTokens;
            int[] part = Arrays.copyOfRange(tokens, from, Math.min(tokens.length, from + textTokens));
            windows[index] = new int[beginning + part.length];
            architecture.beginningOfTextId().ifPresent(begin(windows[index]));
            System.arraycopy(part, 0, windows[index], beginning, part.length);
            predictions += windows[index].length - 1;
        }
        if (predictions < LEAST_PREDICTIONS) {
            throw new BenchException(
                    "the text has " + tokens.length + " tokens, which leaves " + predictions + " to predict; at least "
                            + LEAST_PREDICTIONS + " are needed, and some thousand for a figure to rely on");
        }
        return windows;
    }

    private static IntConsumer begin(int[] window) {
        return token -> window[0] = token;
    }

    private static DecoderStage load(
            Checkpoint checkpoint, Architecture architecture, WorkPool pool, KeyValueType type) {
        long pages = Math.ceilDiv(architecture.contextLength(), KeyValueLayout.PAGE_POSITIONS);
        long bytes = pages * KeyValueLayout.PAGE_POSITIONS * architecture.keyValueBytesPerPosition(type);
        StageRange whole = StageRange.of(0, 1, architecture.layers().size());
        return DecoderStage.load(checkpoint, architecture, whole, pool, new KeyValueBudget(bytes, type));
    }

    private static Surprise predict(DecoderStage stage, int[][] windows) {
        double[] nats = new double
                [Arrays.stream(windows).mapToInt(window -> window.length - 1).sum()];
        int filled = 0;
        for (int[] window : windows) {
            filled = predict(stage, window, nats, filled);
        }
        return new Surprise(nats);
    }

    private static int predict(DecoderStage stage, int[] window, double[] nats, int filled) {
        int end = filled;
        Batch batch = new Batch(stage.maximalRows());
        try (SequenceState sequence = stage.open(window.length)) {
            // Behind the last token there is none to predict.
            for (int from = 0; from < window.length - 1; from += stage.maximalRows()) {
                int to = Math.min(window.length - 1, from + stage.maximalRows());
                batch.clear();
                batch.add(sequence, from, Arrays.copyOfRange(window, from, to), LogitsRows.ALL);
                stage.forward(batch);
                for (int position = from; position < to; position++) {
                    nats[end] = nats(stage.logits(), position - from, window[position + 1]);
                    end++;
                }
            }
        }
        return end;
    }

    private static double nats(FloatMatrix logits, int row, int token) {
        return Softmax.logSumExp(logits.row(row), logits.columns()) - (double) logits.get(row, token);
    }
}
