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

class PrefixCacheTest {
    private static final int[] TOKENS = TinyStage.tokens(1, 200);

    @TempDir
    Path directory;

    /** Computes and closes a sequence of those tokens. */
    private static void leave(TinyStage tiny, int... tokens) {
        try (SequenceState sequence = tiny.stage().open(tokens.length)) {
            tiny.runOn(sequence, tokens);
        }
    }

    private static int adopt(TinyStage tiny, SequenceState sequence, int... tokens) {
        return tiny.stage().prefixCache().adopt(sequence, tokens, tokens.length);
    }

    @ParameterizedTest
    @EnumSource
    void aSequenceGoesOnFromThePagesOfOneThatIsClosed(KeyValueType type) {
        try (TinyStage tiny = new TinyStage(directory, type, 8)) {
            leave(tiny, TOKENS);
            assertThat(tiny.use())
                    .isEqualTo(new KeyValueUse(0, 0, 3, 8, tiny.use().pageBytes()));
            SequenceState sequence = tiny.stage().open(300);
            assertThat(adopt(tiny, sequence, TOKENS)).isEqualTo(192);
            assertThat(sequence.positions()).isEqualTo(192);
            assertThat(tiny.use().usedPages()).isEqualTo(3);
            assertThat(tiny.use().cachedPages()).isZero();
            assertThat(tiny.runOn(sequence, TOKENS)).isEqualTo(tiny.expected(300, TOKENS));
            sequence.close();
            tiny.stage().prefixCache().clear();
            assertThat(tiny.use())
                    .isEqualTo(new KeyValueUse(0, 0, 0, 8, tiny.use().pageBytes()));
        }
    }

    @Test
    void theLimitTheTokensAndTheDeclaredPositionsBoundWhatIsAdopted() {
        try (TinyStage tiny = new TinyStage(directory, KeyValueType.F16, 8)) {
            leave(tiny, TOKENS);
            PrefixCache cache = tiny.stage().prefixCache();
            for (int limit : new int[] {-1, 0, 63, 64, 127, 128, 191, 192, 1000}) {
                try (SequenceState sequence = tiny.stage().open(300)) {
                    int expected = Math.clamp(limit, 0, 192) / 64 * 64;
                    assertThat(cache.adopt(sequence, TOKENS, limit)).isEqualTo(expected);
                }
            }
            try (SequenceState few = tiny.stage().open(130);
                    SequenceState shorter = tiny.stage().open(300)) {
                assertThat(cache.adopt(few, TOKENS, 200)).isEqualTo(128);
                assertThat(cache.adopt(shorter, Arrays.copyOf(TOKENS, 127), 200))
                        .isEqualTo(64);
            }
            assertThat(tiny.use().usedPages()).isZero();
            assertThat(tiny.use().cachedPages()).isEqualTo(3);
        }
    }

    @Test
    void pagesBehindAnotherTokenAreNeverShared() {
        try (TinyStage tiny = new TinyStage(directory, KeyValueType.F16, 8)) {
            leave(tiny, TOKENS);
            for (int changed : new int[] {0, 63, 64, 127, 128, 191}) {
                int[] other = TOKENS.clone();
                other[changed] = (other[changed] + 1) % 131;
                try (SequenceState sequence = tiny.stage().open(300)) {
                    assertThat(adopt(tiny, sequence, other)).isEqualTo(changed / 64 * 64);
                    int[] rest = Arrays.copyOfRange(other, sequence.positions(), other.length);
                    assertThat(tiny.run(sequence, rest)).isEqualTo(tiny.expected(300, other));
                }
            }
            // The tokens of the second page do not find it at the beginning.
            try (SequenceState sequence = tiny.stage().open(300)) {
                assertThat(adopt(tiny, sequence, Arrays.copyOfRange(TOKENS, 64, 128)))
                        .isZero();
            }
        }
    }

    @Test
    void anEqualPageTakesThePlaceOfASequencesOwn() {
        try (TinyStage tiny = new TinyStage(directory, KeyValueType.F16, 8)) {
            SequenceState first = tiny.stage().open(300);
            SequenceState second = tiny.stage().open(300);
            tiny.run(first, TOKENS);
            tiny.run(second, TOKENS);
            assertThat(tiny.use().usedPages()).isEqualTo(8);
            tiny.stage().prefixCache().remember(first, 0, TOKENS);
            assertThat(tiny.use().usedPages()).isEqualTo(8);
            tiny.stage().prefixCache().remember(second, 0, TOKENS);
            assertThat(tiny.use().usedPages()).isEqualTo(5);
            assertThat(tiny.use().sharedPages()).isEqualTo(3);
            first.close();
            int[] longer = Arrays.copyOf(TOKENS, 201);
            assertThat(tiny.runOn(second, longer)).isEqualTo(tiny.expected(300, longer));
            second.close();
            assertThat(tiny.use().cachedPages()).isEqualTo(3);
        }
    }

    @Test
    void tokensBecomeKnownChunkByChunkAndOneByOne() {
        try (TinyStage tiny = new TinyStage(directory, KeyValueType.F16, 8)) {
            try (SequenceState sequence = tiny.stage().open(200)) {
                tiny.runOn(sequence, Arrays.copyOf(TOKENS, 64));
                tiny.runOn(sequence, Arrays.copyOf(TOKENS, 100));
                for (int end = 101; end <= 130; end++) {
                    tiny.runOn(sequence, Arrays.copyOf(TOKENS, end));
                }
            }
            assertThat(tiny.use().cachedPages()).isEqualTo(2);
            try (SequenceState sequence = tiny.stage().open(200)) {
                assertThat(adopt(tiny, sequence, TOKENS)).isEqualTo(128);
                assertThat(tiny.runOn(sequence, TOKENS)).isEqualTo(tiny.expected(200, TOKENS));
            }
            assertThat(tiny.use().cachedPages()).isEqualTo(3);
        }
    }

    @Test
    void thePageUnusedForLongestGoesToASequenceThatNeedsOneAndIsComputedAnew() {
        int[] other = TinyStage.tokens(2, 128);
        try (TinyStage tiny = new TinyStage(directory, KeyValueType.F16, 5)) {
            leave(tiny, Arrays.copyOf(TOKENS, 192));
            leave(tiny, other);
            assertThat(tiny.use().cachedPages()).isEqualTo(5);
            assertThat(tiny.use().freePages()).isEqualTo(5);
            SequenceState pressing = tiny.stage().open(128);
            tiny.run(pressing, TinyStage.tokens(3, 128));
            assertThat(tiny.use().cachedPages()).isEqualTo(3);
            assertThat(tiny.use().freePages()).isEqualTo(3);
            try (SequenceState sequence = tiny.stage().open(192)) {
                // The last pages of the first sequence went, its first one and the second sequence's stayed.
                assertThat(adopt(tiny, sequence, TOKENS)).isEqualTo(64);
            }
            try (SequenceState sequence = tiny.stage().open(192)) {
                assertThat(adopt(tiny, sequence, other)).isEqualTo(128);
            }
            try (SequenceState sequence = tiny.stage().open(192)) {
                assertThat(adopt(tiny, sequence, TOKENS)).isEqualTo(64);
                int[] whole = Arrays.copyOf(TOKENS, 192);
                assertThat(tiny.runOn(sequence, whole)).isEqualTo(tiny.expected(192, whole));
            }
            pressing.close();
        }
    }

    @Test
    void sequencesMayFillTheWholeBudgetThoughPagesAreCached() {
        try (TinyStage tiny = new TinyStage(directory, KeyValueType.F16, 3)) {
            leave(tiny, Arrays.copyOf(TOKENS, 192));
            int[] other = TinyStage.tokens(4, 192);
            try (SequenceState sequence = tiny.stage().open(192)) {
                assertThat(tiny.run(sequence, other)).isEqualTo(tiny.expected(192, other));
                assertThat(tiny.use().freePages()).isZero();
                assertThat(tiny.use().cachedPages()).isZero();
            }
        }
    }

    @Test
    void aPageThatAFullStageAdoptsIsNotGivenAway() {
        try (TinyStage tiny = new TinyStage(directory, KeyValueType.F16, 3)) {
            leave(tiny, Arrays.copyOf(TOKENS, 128));
            SequenceState sequence = tiny.stage().open(192);
            assertThat(adopt(tiny, sequence, TOKENS)).isEqualTo(128);
            SequenceState other = tiny.stage().open(64);
            tiny.run(other, TinyStage.tokens(5, 64));
            other.close();
            int[] whole = Arrays.copyOf(TOKENS, 192);
            assertThat(tiny.runOn(sequence, whole)).isEqualTo(tiny.expected(192, whole));
            sequence.close();
        }
    }

    @Test
    void clearingLeavesSequencesWhatTheyHave() {
        try (TinyStage tiny = new TinyStage(directory, KeyValueType.F16, 8)) {
            leave(tiny, TOKENS);
            SequenceState sequence = tiny.stage().open(300);
            adopt(tiny, sequence, Arrays.copyOf(TOKENS, 128));
            tiny.stage().prefixCache().clear();
            assertThat(tiny.use().usedPages()).isEqualTo(2);
            assertThat(tiny.use().cachedPages()).isZero();
            try (SequenceState later = tiny.stage().open(300)) {
                assertThat(adopt(tiny, later, TOKENS)).isZero();
            }
            assertThat(tiny.runOn(sequence, TOKENS)).isEqualTo(tiny.expected(300, TOKENS));
            sequence.close();
            // Only the page that became full behind the clearing is known.
            assertThat(tiny.use().cachedPages()).isEqualTo(1);
            tiny.stage().prefixCache().clear();
            assertThat(tiny.use())
                    .isEqualTo(new KeyValueUse(0, 0, 0, 8, tiny.use().pageBytes()));
        }
    }

    @Test
    void aForkKnowsTheTokensOfItsSource() {
        try (TinyStage tiny = new TinyStage(directory, KeyValueType.F16, 8)) {
            SequenceState source = tiny.stage().open(300);
            tiny.runOn(source, TOKENS);
            SequenceState fork = tiny.stage().fork(source, 100, 300);
            int[] other = Arrays.copyOf(TOKENS, 140);
            other[120] = (other[120] + 1) % 131;
            assertThat(tiny.runOn(fork, other)).isEqualTo(tiny.expected(300, other));
            source.close();
            fork.close();
            assertThat(tiny.use().cachedPages()).isEqualTo(4);
            try (SequenceState sequence = tiny.stage().open(300)) {
                assertThat(adopt(tiny, sequence, other)).isEqualTo(128);
            }
            try (SequenceState sequence = tiny.stage().open(300)) {
                assertThat(adopt(tiny, sequence, TOKENS)).isEqualTo(192);
            }
        }
    }

    @Test
    void dynamicScalingSharesOnlyBetweenEqualFrequencies() {
        String dynamic = "\"rope_scaling\": {\"rope_type\": \"dynamic\", \"factor\": 2.0},";
        int scaled = TinyStage.CONTEXT + 100;
        try (TinyStage tiny = new TinyStage(directory, KeyValueType.F16, 12, dynamic)) {
            try (SequenceState sequence = tiny.stage().open(scaled)) {
                tiny.runOn(sequence, TOKENS);
            }
            for (int other : new int[] {200, TinyStage.CONTEXT, scaled - 1, scaled + 1}) {
                try (SequenceState sequence = tiny.stage().open(other)) {
                    assertThat(adopt(tiny, sequence, TOKENS))
                            .as("%d positions", other)
                            .isZero();
                }
            }
            try (SequenceState sequence = tiny.stage().open(scaled)) {
                assertThat(adopt(tiny, sequence, TOKENS)).isEqualTo(192);
                assertThat(tiny.runOn(sequence, TOKENS)).isEqualTo(tiny.expected(scaled, TOKENS));
            }
            leave(tiny, TOKENS);
            try (SequenceState sequence = tiny.stage().open(TinyStage.CONTEXT)) {
                assertThat(adopt(tiny, sequence, TOKENS)).isEqualTo(192);
            }
        }
    }

    @Test
    void tokensThatDoNotFollowOrWereNotComputedAreRefused() {
        try (TinyStage tiny = new TinyStage(directory, KeyValueType.F16, 8)) {
            PrefixCache cache = tiny.stage().prefixCache();
            SequenceState sequence = tiny.stage().open(300);
            tiny.run(sequence, Arrays.copyOf(TOKENS, 100));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> cache.remember(sequence, 0, Arrays.copyOf(TOKENS, 101)))
                    .withMessageContaining("has computed 100");
            cache.remember(sequence, 0, Arrays.copyOf(TOKENS, 50));
            for (int first : new int[] {0, 49, 51, -1}) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> cache.remember(sequence, first, new int[] {1}))
                        .withMessageContaining("the tokens of 50 are known");
            }
            assertThatIllegalStateException().isThrownBy(() -> cache.adopt(sequence, TOKENS, 200));
            sequence.close();
            assertThatIllegalStateException().isThrownBy(() -> cache.remember(sequence, 50, new int[] {1}));
            SequenceState closed = tiny.stage().open(300);
            closed.close();
            assertThatIllegalStateException().isThrownBy(() -> cache.adopt(closed, TOKENS, 200));
            try (TinyStage other = new TinyStage(directory.resolve("other"), KeyValueType.F16, 8);
                    SequenceState foreign = other.stage().open(300)) {
                assertThatIllegalArgumentException().isThrownBy(() -> cache.adopt(foreign, TOKENS, 200));
            }
        }
    }

    @Test
    void aSequenceAdoptsWherePagesWereReservedForAPassThatFailed() {
        try (TinyStage tiny = new TinyStage(directory, KeyValueType.F16, 8)) {
            leave(tiny, TOKENS);
            Batch batch = new Batch(200);
            SequenceState sequence = tiny.stage().open(300);
            SequenceState greedy = tiny.stage().open(600);
            tiny.run(greedy, TinyStage.tokens(6, 256));
            batch.add(sequence, 0, new int[] {1, 2, 3}, LogitsRows.NONE);
            batch.add(greedy, 256, TinyStage.tokens(7, 197), LogitsRows.NONE);
            assertThatExceptionOfType(KeyValueExhaustedException.class)
                    .isThrownBy(() -> tiny.stage().forward(batch));
            greedy.close();
            int adopted = adopt(tiny, sequence, TOKENS);
            assertThat(adopted).isEqualTo(192);
            assertThat(tiny.use().usedPages()).isEqualTo(3);
            assertThat(tiny.runOn(sequence, TOKENS)).isEqualTo(tiny.expected(300, TOKENS));
            sequence.close();
        }
    }
}
