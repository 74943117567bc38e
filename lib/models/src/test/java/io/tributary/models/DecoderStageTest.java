package io.tributary.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.tributary.checkpoints.Checkpoint;
import io.tributary.kernels.FloatMatrix;
import io.tributary.kernels.KeyValueType;
import io.tributary.kernels.WorkPool;
import io.tributary.models.architecture.Architecture;
import io.tributary.models.architecture.ArchitectureReader;
import io.tributary.models.packing.PackingCache;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DecoderStageTest {
    private static final int VOCABULARY = 512;
    private static final int WIDTH = 64;
    /** Three layers of two heads of 16 elements, keys and values, 64 positions, four bytes. */
    private static final long PAGE_BYTES = 3 * 2 * 16 * 2 * 64 * 4;

    private final Golden golden = new Golden("llama");
    private final Checkpoint checkpoint = Checkpoint.open(golden.directory());
    private final Architecture architecture = ArchitectureReader.read(checkpoint);
    private final WorkPool pool = new WorkPool(1);
    private final Batch batch = new Batch(128);
    private DecoderStage stage = load(4 * PAGE_BYTES);

    private static KeyValueBudget float32(long bytes) {
        return new KeyValueBudget(bytes, KeyValueType.F32);
    }

    private DecoderStage load(long keyValueBytes) {
        return DecoderStage.load(
                checkpoint,
                architecture,
                StageRange.of(0, 1, 3),
                pool,
                float32(keyValueBytes),
                128,
                PackingCache.off());
    }

    @BeforeEach
    void nothingIsTaken() {
        assertThat(stage.keyValueUse()).isEqualTo(new KeyValueUse(0, 0, 0, 4, PAGE_BYTES));
    }

    @AfterEach
    void close() {
        stage.close();
        pool.close();
        checkpoint.close();
        golden.close();
    }

    @Test
    void aTokenOutsideTheVocabularyIsRefusedBeforeAnythingIsComputed() {
        SequenceState good = stage.open(10);
        SequenceState bad = stage.open(10);
        batch.add(good, 0, new int[] {1, 2, 3}, LogitsRows.LAST);
        batch.add(bad, 0, new int[] {4, VOCABULARY}, LogitsRows.LAST);
        assertThatExceptionOfType(TokenIdException.class)
                .isThrownBy(() -> stage.forward(batch))
                .withMessageContaining("position 1")
                .withMessageContaining("512")
                .withMessageContaining("0 to 511")
                .satisfies(refusal -> assertThat(refusal.sequence()).isSameAs(bad));
        assertThat(good.positions()).isZero();
        batch.remove(bad);
        stage.forward(batch);
        assertThat(good.positions()).isEqualTo(3);
        assertThat(bad.positions()).isZero();
        batch.clear();
        batch.add(bad, 0, new int[] {-1}, LogitsRows.NONE);
        assertThatExceptionOfType(TokenIdException.class).isThrownBy(() -> stage.forward(batch));
    }

    @Test
    void aGapARepetitionAndAnOverrunOfPositionsAreRefused() {
        SequenceState sequence = stage.open(5);
        batch.add(sequence, 0, new int[] {1, 2, 3}, LogitsRows.NONE);
        stage.forward(batch);
        for (int position : new int[] {0, 2, 4, -1, Integer.MAX_VALUE}) {
            batch.clear();
            batch.add(sequence, position, new int[] {7}, LogitsRows.NONE);
            assertThatExceptionOfType(PositionException.class)
                    .isThrownBy(() -> stage.forward(batch))
                    .withMessageContaining("position " + position)
                    .withMessageContaining("goes on at 3");
        }
        batch.clear();
        batch.add(sequence, 3, new int[] {7}, LogitsRows.NONE);
        batch.add(sequence, 4, new int[] {7, 8}, LogitsRows.NONE);
        assertThatExceptionOfType(PositionException.class)
                .isThrownBy(() -> stage.forward(batch))
                .withMessageContaining("5 positions");
        assertThat(sequence.positions()).isEqualTo(3);
    }

    @Test
    void aSequenceThatFindsNoPagesIsNamedAndTheOthersGoOn() {
        int[] tokens = new Random(1).ints(70, 0, VOCABULARY).toArray();
        SequenceState first = stage.open(70);
        SequenceState second = stage.open(70);
        batch.add(first, 0, tokens, LogitsRows.LAST);
        stage.forward(batch);
        float[] expected = row(stage.logits(), 0);
        batch.clear();
        // Two of four pages are taken; three more are asked for.
        batch.add(second, 0, Arrays.copyOf(tokens, 64), LogitsRows.NONE);
        stage.forward(batch);
        SequenceState third = stage.open(70);
        batch.clear();
        batch.add(third, 0, tokens, LogitsRows.NONE);
        batch.add(second, 64, Arrays.copyOfRange(tokens, 64, 70), LogitsRows.LAST);
        assertThatExceptionOfType(KeyValueExhaustedException.class)
                .isThrownBy(() -> stage.forward(batch))
                .withMessageContaining("2 more pages")
                .withMessageContaining("1 of 4 are free")
                .withMessageContaining(Long.toString(PAGE_BYTES))
                .satisfies(refusal -> assertThat(refusal.sequence()).isSameAs(third));
        assertThat(stage.keyValueUse().usedPages()).isEqualTo(3);
        batch.remove(third);
        stage.forward(batch);
        assertThat(row(stage.logits(), 0)).isEqualTo(expected);
        first.close();
        batch.clear();
        batch.add(third, 0, tokens, LogitsRows.LAST);
        stage.forward(batch);
        assertThat(row(stage.logits(), 0)).isEqualTo(expected);
        second.close();
        third.close();
    }

    @Test
    void aChunkThatFindsNoPagesGivesBackWhatEarlierChunksOfItsSequenceReserved() {
        stage.close();
        stage = load(PAGE_BYTES);
        int[] tokens = new int[40];
        SequenceState sequence = stage.open(80);
        batch.add(sequence, 0, tokens, LogitsRows.NONE);
        batch.add(sequence, 40, tokens, LogitsRows.NONE);
        assertThatExceptionOfType(KeyValueExhaustedException.class).isThrownBy(() -> stage.forward(batch));
        assertThat(stage.keyValueUse().usedPages()).isZero();
        assertThat(sequence.positions()).isZero();
    }

    @Test
    void tenThousandSequencesLeaveNoPageBehind() {
        int[] tokens = {1, 2};
        for (int round = 0; round < 10_000; round++) {
            SequenceState sequence = stage.open(1 + round % 256);
            if (round % 10 == 0 && sequence.maximalPositions() > 1) {
                batch.clear();
                batch.add(sequence, 0, tokens, LogitsRows.NONE);
                stage.forward(batch);
                assertThat(stage.keyValueUse().usedPages()).isEqualTo(1);
            }
            sequence.close();
            sequence.close();
        }
        assertThat(stage.keyValueUse().usedPages()).isZero();
        assertThatIllegalStateException().isThrownBy(() -> stage.forward(batch)).withMessageContaining("closed");
    }

    @Test
    void hiddenStatesThatAreNotFiniteNeverBecomeTokens() {
        try (DecoderStage last = DecoderStage.load(
                checkpoint,
                architecture,
                StageRange.of(1, 2, 3),
                pool,
                float32(4 * PAGE_BYTES),
                16,
                PackingCache.off())) {
            SequenceState good = last.open(4);
            SequenceState bad = last.open(4);
            float[] hidden = new float[2 * WIDTH];
            Arrays.fill(hidden, 0.5f);
            float[] damaged = hidden.clone();
            damaged[WIDTH + 3] = Float.NaN;
            batch.add(good, 0, MemorySegment.ofArray(hidden), 2, LogitsRows.ALL);
            batch.add(bad, 0, MemorySegment.ofArray(damaged), 2, LogitsRows.ALL);
            assertThatExceptionOfType(NonFiniteActivationException.class)
                    .isThrownBy(() -> last.forward(batch))
                    .withMessageContaining("the input of stage 1")
                    .withMessageContaining("position 1")
                    .satisfies(refusal -> assertThat(refusal.sequence()).isSameAs(bad));
            batch.remove(bad);
            last.forward(batch);
            assertThat(last.logits().rows()).isEqualTo(2);
            assertThat(good.positions()).isEqualTo(2);
        }
    }

    @Test
    void inputOfAnotherStagesKindIsRefused() {
        SequenceState sequence = stage.open(4);
        batch.add(sequence, 0, MemorySegment.ofArray(new float[WIDTH]), 1, LogitsRows.NONE);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> stage.forward(batch))
                .withMessageContaining("takes token ids");
        try (DecoderStage last = DecoderStage.load(
                checkpoint,
                architecture,
                StageRange.of(1, 2, 3),
                pool,
                float32(4 * PAGE_BYTES),
                16,
                PackingCache.off())) {
            batch.clear();
            batch.add(last.open(4), 0, new int[] {1}, LogitsRows.NONE);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> last.forward(batch))
                    .withMessageContaining("takes hidden states");
            batch.clear();
            batch.add(last.open(4), 0, MemorySegment.ofArray(new float[WIDTH + 1]), 1, LogitsRows.NONE);
            assertThatExceptionOfType(HiddenStateException.class)
                    .isThrownBy(() -> last.forward(batch))
                    .withMessageContaining("260 bytes")
                    .withMessageContaining("256");
        }
    }

    @Test
    void batchesAndSequencesOutOfBoundsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> stage.forward(batch))
                .withMessageContaining("0 rows");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> stage.open(257))
                .withMessageContaining("257")
                .withMessageContaining("256");
        assertThatIllegalArgumentException().isThrownBy(() -> stage.open(0));
        Batch larger = new Batch(129);
        larger.add(stage.open(200), 0, new int[129], LogitsRows.NONE);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> stage.forward(larger))
                .withMessageContaining("129")
                .withMessageContaining("1 to 128");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> load(PAGE_BYTES - 1))
                .withMessageContaining(Long.toString(PAGE_BYTES));
    }

    @Test
    void onlyTheLastStageHasLogitsAndOnlyForTheRowsWanted() {
        SequenceState a = stage.open(30);
        SequenceState b = stage.open(30);
        SequenceState c = stage.open(30);
        batch.add(a, 0, new int[5], LogitsRows.LAST);
        batch.add(b, 0, new int[7], LogitsRows.NONE);
        batch.add(c, 0, new int[20], LogitsRows.ALL);
        stage.forward(batch);
        assertThat(stage.logits().rows()).isEqualTo(21).isEqualTo(batch.logitsRows());
        assertThat(stage.logits().columns()).isEqualTo(VOCABULARY);
        assertThat(batch.firstLogitsRow(2)).isEqualTo(1);
        assertThat(row(stage.logits(), 0)).as("same tokens").isEqualTo(row(stage.logits(), 5));
        assertThat(stage.hidden().rows()).isEqualTo(32);
        try (DecoderStage first = DecoderStage.load(
                checkpoint,
                architecture,
                StageRange.of(0, 2, 3),
                pool,
                float32(4 * PAGE_BYTES),
                16,
                PackingCache.off())) {
            assertThatIllegalStateException().isThrownBy(first::logits).withMessageContaining("stage 0 of 2");
        }
    }

    @Test
    void theOutputHeadGivesTheBitsOfAPassForAnyRows() {
        int[] tokens = new Random(3).ints(30, 0, VOCABULARY).toArray();
        batch.add(stage.open(30), 0, tokens, LogitsRows.ALL);
        stage.forward(batch);
        OutputHead head = stage.outputHead();
        for (int from = 0; from < tokens.length; from += OutputHead.MAXIMAL_ROWS) {
            int rows = Math.min(OutputHead.MAXIMAL_ROWS, tokens.length - from);
            FloatMatrix logits = head.logits(stage.hidden().rows(from, rows));
            for (int row = 0; row < rows; row++) {
                assertThat(row(logits, row)).isEqualTo(row(stage.logits(), from + row));
            }
        }
    }

    @Test
    void theOutputHeadTakesAFewRowsOfTheLastStageOnly() {
        batch.add(stage.open(30), 0, new int[OutputHead.MAXIMAL_ROWS + 1], LogitsRows.NONE);
        stage.forward(batch);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> stage.outputHead().logits(stage.hidden()))
                .withMessageContaining("17 rows")
                .withMessageContaining("at most 16");
        try (DecoderStage first = DecoderStage.load(
                checkpoint,
                architecture,
                StageRange.of(0, 2, 3),
                pool,
                float32(4 * PAGE_BYTES),
                16,
                PackingCache.off())) {
            assertThatIllegalStateException().isThrownBy(first::outputHead).withMessageContaining("stage 0 of 2");
        }
    }

    private static float[] row(FloatMatrix matrix, int row) {
        return matrix.row(row).toArray(ValueLayout.JAVA_FLOAT);
    }
}
