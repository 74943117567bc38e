package io.tributary.models;

import io.tributary.models.architecture.Architecture;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Forward passes over made-up input, which make the JVM compile a stage's kernels before the first request: until then they
 * run a hundred times more slowly. They leave nothing behind in the stage.
 */
public final class WarmUp {
    private static final int PROMPT = 48;
    private static final int DECODED = 16;
    private static final int SEQUENCES = 4;

    private final DecoderStage stage;
    private final Architecture architecture;
    private final Batch batch;
    private final long deadline;
    private final int prompt;
    private int passes;

    private WarmUp(DecoderStage stage, Duration limit) {
        this.stage = stage;
        this.architecture = stage.architecture();
        this.prompt = Math.min(PROMPT, Math.min(stage.maximalRows(), architecture.contextLength()));
        this.batch = new Batch(stage.maximalRows());
        this.deadline = System.nanoTime() + limit.toNanos();
    }

    /**
     * Runs until the time is over; the forward pass that has begun then still ends.
     *
     * @param limit none is run when it is zero
     * @return the forward passes that were run
     */
    public static int run(DecoderStage stage, Duration limit) {
        WarmUp warmUp = new WarmUp(stage, limit);
        try (Arena arena = Arena.ofShared()) {
            MemorySegment hidden = warmUp.hidden(arena);
            while (warmUp.goesOn()) {
                warmUp.runSequences(hidden);
            }
        } catch (KeyValueExhaustedException exhausted) {
            // A budget for less than a few short sequences warms up with the first request.
            return warmUp.passes;
        } finally {
            stage.expertStatistics().clear();
        }
        return warmUp.passes;
    }

    private boolean goesOn() {
        return System.nanoTime() < deadline;
    }

    /** A few sequences together: prompts, then tokens one by one, at first for all sequences and then for fewer. */
    private void runSequences(MemorySegment hidden) {
        boolean continues = !architecture.routesWholeSequences();
        int positions = Math.min(architecture.contextLength(), prompt + (continues ? DECODED : 0));
        List<SequenceState> sequences = new ArrayList<>();
        try {
            for (int i = 0; i < Math.min(SEQUENCES, stage.maximalRows()) && goesOn(); i++) {
                sequences.add(stage.open(positions));
                batch.clear();
                add(sequences.getLast(), 0, prompt, hidden);
                forward();
            }
            for (int position = prompt; position < positions && goesOn(); position++) {
                batch.clear();
                for (SequenceState sequence : present(sequences, position)) {
                    add(sequence, position, 1, hidden);
                }
                forward();
            }
        } finally {
            sequences.forEach(SequenceState::close);
        }
    }

    private static List<SequenceState> present(List<SequenceState> sequences, int position) {
        // Those that are left behind can't go on, so the first ones stay to the end.
        return sequences.subList(0, Math.max(1, sequences.size() - position % DECODED / SEQUENCES));
    }

    private void add(SequenceState sequence, int position, int rows, MemorySegment hidden) {
        if (stage.range().first()) {
            batch.add(sequence, position, new int[rows], LogitsRows.LAST);
        } else {
            batch.add(sequence, position, hidden.asSlice(0, rows * rowBytes()), rows, LogitsRows.LAST);
        }
    }

    private void forward() {
        stage.forward(batch);
        passes++;
    }

    private MemorySegment hidden(Arena arena) {
        MemorySegment hidden = arena.allocate(prompt * rowBytes(), Float.BYTES);
        for (long i = 0; i < hidden.byteSize() / Float.BYTES; i++) {
            hidden.setAtIndex(ValueLayout.JAVA_FLOAT, i, i % 7 - 3f);
        }
        return hidden;
    }

    private long rowBytes() {
        return (long) architecture.width() * Float.BYTES;
    }
}
