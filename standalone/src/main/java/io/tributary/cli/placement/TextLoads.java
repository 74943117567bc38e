package io.tributary.cli.placement;

import io.tributary.checkpoints.Checkpoint;
import io.tributary.cli.CommandFailedException;
import io.tributary.cli.WrongUsageException;
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
import io.tributary.models.experts.ExpertStatistics;
import io.tributary.tokenizers.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/** Measures what experts have to do by running a text through the model here. */
final class TextLoads {
    private static final int LONGEST_TEXT = 16 << 20;
    private static final int MOST_TOKENS = 65_536;

    /** Longer texts are cut into sequences, which bounds time and memory. */
    private static final int LONGEST_SEQUENCE = 1024;

    private TextLoads() {}

    /**
     * Runs a text.
     *
     * @param text a file in UTF-8; its first {@value #MOST_TOKENS} tokens are run
     */
    static MeasuredLoads measure(Path model, Path text) {
        int[] ids = ids(model, text);
        KernelPath.warning().ifPresent(System.err::println);
        try (Checkpoint checkpoint = Checkpoint.open(model);
                WorkPool pool = new WorkPool(Runtime.getRuntime().availableProcessors())) {
            Architecture architecture = ArchitectureReader.read(checkpoint);
            StageRange whole = StageRange.of(0, 1, architecture.layers().size());
            int sequence = longestSequence(architecture);
            try (DecoderStage stage =
                    DecoderStage.load(checkpoint, architecture, whole, pool, keyValues(architecture, sequence))) {
                for (int from = 0; from < ids.length; from += sequence) {
                    run(stage, Arrays.copyOfRange(ids, from, Math.min(ids.length, from + sequence)));
                }
                String origin = String.format(Locale.ROOT, "measured with %,d tokens of %s", ids.length, text);
                return new MeasuredLoads(loads(stage.expertStatistics()), origin);
            }
        }
    }

    private static int[] ids(Path model, Path text) {
        try (Tokenizer tokenizer = Tokenizer.open(model, LONGEST_TEXT)) {
            if (Files.size(text) > LONGEST_TEXT) {
                throw new WrongUsageException("--text has more than %d bytes".formatted(LONGEST_TEXT));
            }
            int[] ids = tokenizer.encode(Files.readString(text), true);
            if (ids.length == 0) {
                throw new WrongUsageException("--text is empty; it should be what the model is used for");
            }
            return Arrays.copyOf(ids, Math.min(ids.length, MOST_TOKENS));
        } catch (IOException unreadable) {
            throw new CommandFailedException("--text cannot be read as UTF-8: " + unreadable.getMessage());
        }
    }

    /** A model that chooses experts for whole sequences needs each of them in one batch. */
    private static int longestSequence(Architecture architecture) {
        int most = architecture.routesWholeSequences() ? DecoderStage.DEFAULT_MAXIMAL_ROWS : LONGEST_SEQUENCE;
        return Math.min(architecture.contextLength(), most);
    }

    private static KeyValueBudget keyValues(Architecture architecture, int positions) {
        long pages = Math.ceilDiv(positions, KeyValueLayout.PAGE_POSITIONS);
        return new KeyValueBudget(
                architecture.keyValueBytesPerPosition(KeyValueType.F32) * pages * KeyValueLayout.PAGE_POSITIONS,
                KeyValueType.F32);
    }

    private static void run(DecoderStage stage, int[] ids) {
        Batch batch = new Batch(stage.maximalRows());
        try (SequenceState sequence = stage.open(ids.length)) {
            for (int from = 0; from < ids.length; from += stage.maximalRows()) {
                batch.clear();
                batch.add(
                        sequence,
                        from,
                        Arrays.copyOfRange(ids, from, Math.min(ids.length, from + stage.maximalRows())),
                        LogitsRows.NONE);
                stage.forward(batch);
            }
        }
    }

    private static ExpertLoads loads(ExpertStatistics statistics) {
        return ExpertLoads.of(statistics.layers().stream()
                .map(layer -> statistics.load(layer).chosen())
                .toList());
    }
}
