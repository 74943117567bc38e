package io.tributary.models.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CounterRandomTest {
    /** Chi-squared with 99 degrees of freedom at p = 0.001. */
    private static final double CRITICAL_99 = 148.23;

    @Test
    void theBlocksAreThoseOfThePublishedTestVectors() {
        // kat_vectors of Random123: philox4x32 10.
        assertThat(CounterRandom.firstWords(0, 0, 0)).isEqualTo(0x6627e8d5_e169c58dL);
        assertThat(CounterRandom.firstWords(-1, -1, -1)).isEqualTo(0x408f276d_41c83b0eL);
        assertThat(CounterRandom.firstWords(0x299f31d0_a4093822L, 0x85a308d3_243f6a88L, 0x03707344_13198a2eL))
                .isEqualTo(0xd16cfe09_94fdccebL);
    }

    @Test
    void aNumberDependsOnSeedAndPositionAlone() {
        double number = CounterRandom.uniform(42, 1000);
        assertThat(CounterRandom.uniform(42, 1000)).isEqualTo(number);
        assertThat(CounterRandom.uniform(43, 1000)).isNotEqualTo(number);
        assertThat(CounterRandom.uniform(42, 1001)).isNotEqualTo(number);
        assertThat(CounterRandom.uniform(42L | 1L << 40, 1000)).isNotEqualTo(number);
    }

    @Test
    void numbersAlongPositionsAndAlongSeedsAreUniform() {
        int draws = 100_000;
        int[] alongPositions = new int[100];
        int[] alongSeeds = new int[100];
        for (int draw = 0; draw < draws; draw++) {
            alongPositions[(int) (CounterRandom.uniform(7, draw) * 100)]++;
            alongSeeds[(int) (CounterRandom.uniform(draw, 7) * 100)]++;
        }
        assertThat(chiSquared(alongPositions, draws)).isLessThan(CRITICAL_99);
        assertThat(chiSquared(alongSeeds, draws)).isLessThan(CRITICAL_99);
    }

    private static double chiSquared(int[] counts, int draws) {
        double expected = (double) draws / counts.length;
        double sum = 0;
        for (int count : counts) {
            sum += (count - expected) * (count - expected) / expected;
        }
        return sum;
    }
}
