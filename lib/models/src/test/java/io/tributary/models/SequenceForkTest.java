package io.tributary.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.tributary.kernels.KeyValueType;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SequenceForkTest {
    private static final int[] TOKENS = TinyStage.tokens(1, 200);

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    void forkAndSourceGoOnWithoutDisturbingEachOther(KeyValueType type) {
        try (TinyStage tiny = new TinyStage(directory, type, 16)) {
            for (int positions : new int[] {0, 1, 63, 64, 65, 127, 128, 129, 200}) {
                SequenceState source = tiny.stage().open(300);
                tiny.run(source, TOKENS);
                SequenceState fork = tiny.stage().fork(source, positions, 400);
                assertThat(fork.positions()).isEqualTo(positions);
                assertThat(fork.maximalPositions()).isEqualTo(400);
                assertThat(tiny.use().usedPages()).isEqualTo(4 + (positions % 64 == 0 ? 0 : 1));
                assertThat(tiny.use().sharedPages()).isEqualTo(positions / 64);
                int[] forkTokens = Arrays.copyOf(TOKENS, positions + 70);
                System.arraycopy(TinyStage.tokens(2, 70), 0, forkTokens, positions, 70);
                int[] sourceTokens = Arrays.copyOf(TOKENS, 270);
                System.arraycopy(TinyStage.tokens(3, 70), 0, sourceTokens, 200, 70);
                // Both write at the same positions of a page, by turns.
                for (int step = 0; step < 70; step++) {
                    int[] ofFork = tiny.run(fork, forkTokens[positions + step]);
                    int[] ofSource = tiny.run(source, sourceTokens[200 + step]);
                    if (step % 23 == 0) {
                        int[] forkSoFar = Arrays.copyOf(forkTokens, positions + step + 1);
                        int[] sourceSoFar = Arrays.copyOf(sourceTokens, 200 + step + 1);
                        assertThat(ofFork).as("fork at %d", positions).isEqualTo(tiny.expected(400, forkSoFar));
                        assertThat(ofSource)
                                .as("source forked at %d", positions)
                                .isEqualTo(tiny.expected(300, sourceSoFar));
                    }
                }
                source.close();
                int[] last = {9};
                int[] whole = Arrays.copyOf(forkTokens, positions + 71);
                whole[positions + 70] = 9;
                assertThat(tiny.run(fork, last)).isEqualTo(tiny.expected(400, whole));
                fork.close();
                assertThat(tiny.use().freePages()).isEqualTo(16);
            }
        }
    }

    @Test
    void aSharedPageIsFreeWhenTheLastHolderIsClosedHoweverOftenEachIs() {
        try (TinyStage tiny = new TinyStage(directory, KeyValueType.F16, 4)) {
            SequenceState source = tiny.stage().open(128);
            tiny.run(source, Arrays.copyOf(TOKENS, 128));
            SequenceState first = tiny.stage().fork(source, 128, 200);
            SequenceState second = tiny.stage().fork(first, 64, 200);
            assertThat(tiny.use().usedPages()).isEqualTo(2);
            assertThat(tiny.use().sharedPages()).isEqualTo(2);
            source.close();
            source.close();
            source.close();
            assertThat(tiny.use().usedPages()).isEqualTo(2);
            assertThat(tiny.use().sharedPages()).isEqualTo(1);
            first.close();
            first.close();
            assertThat(tiny.use().usedPages()).isEqualTo(1);
            assertThat(tiny.use().sharedPages()).isZero();
            second.close();
            second.close();
            assertThat(tiny.use().usedPages()).isZero();
            assertThat(tiny.use().cachedPages()).isZero();
        }
    }

    @Test
    void aForkWithoutAPageForItsCopyChangesNothing() {
        try (TinyStage tiny = new TinyStage(directory, KeyValueType.F16, 2)) {
            SequenceState source = tiny.stage().open(200);
            tiny.run(source, Arrays.copyOf(TOKENS, 100));
            KeyValueUse before = tiny.use();
            assertThatExceptionOfType(KeyValueExhaustedException.class)
                    .isThrownBy(() -> tiny.stage().fork(source, 65, 200))
                    .withMessageContaining("1 more pages")
                    .withMessageContaining("0 of 2 are free")
                    .satisfies(refusal -> assertThat(refusal.sequence()).isSameAs(source));
            assertThat(tiny.use()).isEqualTo(before);
            tiny.stage().fork(source, 64, 200).close();
            assertThat(tiny.run(source, TOKENS[100])).isEqualTo(tiny.expected(200, Arrays.copyOf(TOKENS, 101)));
        }
    }

    @Test
    void positionsThatTheSourceDoesNotHaveOrTheForkMayNotGetAreRefused() {
        try (TinyStage tiny = new TinyStage(directory, KeyValueType.F16, 4);
                SequenceState source = tiny.stage().open(200)) {
            tiny.run(source, Arrays.copyOf(TOKENS, 100));
            for (int positions : new int[] {-1, 101, Integer.MAX_VALUE}) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> tiny.stage().fork(source, positions, 200))
                        .withMessageContaining(positions + " of another one that has 100");
            }
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> tiny.stage().fork(source, 80, 79))
                    .withMessageContaining("at most 79");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> tiny.stage().fork(source, 80, TinyStage.CONTEXT + 1))
                    .withMessageContaining("context length");
            assertThat(tiny.use().usedPages()).isEqualTo(2);
        }
    }

    @Test
    void aClosedSequenceAndOneOfAnotherStageAreRefused() {
        try (TinyStage tiny = new TinyStage(directory.resolve("one"), KeyValueType.F16, 4);
                TinyStage other = new TinyStage(directory.resolve("other"), KeyValueType.F16, 4)) {
            SequenceState source = tiny.stage().open(200);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> other.stage().fork(source, 0, 200))
                    .withMessageContaining("another stage");
            source.close();
            assertThatIllegalStateException()
                    .isThrownBy(() -> tiny.stage().fork(source, 0, 200))
                    .withMessageContaining("closed");
        }
    }

    @Test
    void dynamicScalingAllowsAForkOnlyWhereTheFrequenciesAreTheSame() {
        String dynamic = "\"rope_scaling\": {\"rope_type\": \"dynamic\", \"factor\": 2.0},";
        try (TinyStage tiny = new TinyStage(directory, KeyValueType.F16, 8, dynamic)) {
            SequenceState source = tiny.stage().open(TinyStage.CONTEXT);
            tiny.run(source, TOKENS);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> tiny.stage().fork(source, 100, TinyStage.CONTEXT + 1))
                    .withMessageContaining("rope scaling");
            // Up to the original context nothing is scaled.
            SequenceState fork = tiny.stage().fork(source, 200, 201);
            assertThat(tiny.run(fork, 5)).isEqualTo(tiny.expected(201, with(TOKENS, 5)));
            fork.close();
            source.close();
            assertThat(tiny.use().usedPages()).isZero();
        }
    }

    private static int[] with(int[] tokens, int last) {
        int[] longer = Arrays.copyOf(tokens, tokens.length + 1);
        longer[tokens.length] = last;
        return longer;
    }
}
