package io.tributary.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MatMulTest {
    private static WorkPool one;
    private static WorkPool three;

    @BeforeAll
    static void startPools() {
        one = new WorkPool(1);
        three = new WorkPool(3);
    }

    @AfterAll
    static void closePools() {
        one.close();
        three.close();
    }

    @ParameterizedTest
    @EnumSource(WeightType.class)
    void oddShapesGiveTheBitsOfTheScalarReference(WeightType type) {
        for (long seed = 1; seed <= 25; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int unit = type.blockElements();
            MatMulCase sample = new MatMulCase(
                    type,
                    random.nextInt(1, 150),
                    unit * random.nextInt(1, Math.max(4, 700 / unit)),
                    random.nextInt(1, 71),
                    seed);

            assertThat(sample.kernel(three)).as(sample.toString()).isEqualTo(sample.reference());
        }
    }

    @ParameterizedTest
    @EnumSource(WeightType.class)
    void everyTokenCountUpToSeventyGivesTheBitsOfTheScalarReference(WeightType type) {
        float[] all = new MatMulCase(type, 70, wholeBlocks(type, 544), 70, 5).reference();
        for (int tokens = 1; tokens <= 70; tokens++) {
            float[] expected = Arrays.copyOf(all, tokens * 70);

            assertThat(new MatMulCase(type, 70, wholeBlocks(type, 544), tokens, 5).kernel(three))
                    .as(type + " with " + tokens + " tokens")
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @EnumSource(WeightType.class)
    void moreTokensThanOnePartHoldsAreSplitWithoutChangingABit(WeightType type) {
        MatMulCase sample = new MatMulCase(type, 20, wholeBlocks(type, 288), 1023, 6);

        float[] expected = sample.reference();
        assertThat(sample.kernel(one)).isEqualTo(expected);
        assertThat(sample.kernel(three)).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource(WeightType.class)
    void rowsLongerThanASpanGiveTheBitsOfTheScalarReference(WeightType type) {
        for (int inputs : new int[] {2048, 2080, 4500}) {
            for (int tokens : new int[] {1, 2, 5, 17}) {
                MatMulCase sample = new MatMulCase(type, 67, wholeBlocks(type, inputs), tokens, 8);

                assertThat(sample.kernel(three)).as(sample.toString()).isEqualTo(sample.reference());
            }
        }
    }

    @Test
    void sixtyFourThreadsGiveTheBitsOfOne() {
        try (WorkPool many = new WorkPool(64)) {
            for (WeightType type : WeightType.values()) {
                for (int tokens : new int[] {1, 33, 300}) {
                    MatMulCase sample = new MatMulCase(type, 700, wholeBlocks(type, 1100), tokens, 7);

                    assertThat(sample.kernel(many)).as(sample.toString()).isEqualTo(sample.kernel(one));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(WeightType.class)
    void theErrorStaysNearTheRoundingOfSinglePrecision(WeightType type) {
        MatMulCase sample = new MatMulCase(type, 65, 2048, 7, 7);

        assertThat(sample.worstError(sample.kernel(one))).isLessThan(2e-7);
    }

    @Test
    void aViewOfSomeRowsIsMultipliedInPlace() {
        try (Arena arena = Arena.ofShared()) {
            StoredWeights weights = StoredWeights.random(WeightType.F32, 33, 40, 8, arena);
            FloatMatrix x = Samples.matrix(arena, Samples.normalRows(new SplittableRandom(8), 9, 40, 1));
            FloatMatrix all = FloatMatrix.allocate(arena, 9, 33);
            FloatMatrix some = FloatMatrix.allocate(arena, 9, 33);
            PackedWeights packed = weights.pack(arena, one);
            MatMul.multiply(x, packed, all, one);
            MatMul.multiply(x.rows(2, 5), packed, some.rows(2, 5), one);

            assertThat(Samples.values(some.rows(2, 5))).isEqualTo(Samples.values(all.rows(2, 5)));
            assertThat(some.get(1, 32)).isZero();
            assertThat(some.get(7, 0)).isZero();
        }
    }

    @Test
    void noTokensAreNoWork() {
        try (Arena arena = Arena.ofShared()) {
            PackedWeights packed =
                    StoredWeights.random(WeightType.F16, 3, 4, 9, arena).pack(arena, one);
            MatMul.multiply(FloatMatrix.allocate(arena, 0, 4), packed, FloatMatrix.allocate(arena, 0, 3), one);

            assertThat(packed.outputs()).isEqualTo(3);
        }
    }

    @Test
    void shapesThatDoNotFitAreRefused() {
        try (Arena arena = Arena.ofShared()) {
            PackedWeights packed =
                    StoredWeights.random(WeightType.F32, 3, 4, 10, arena).pack(arena, one);
            FloatMatrix x = FloatMatrix.allocate(arena, 2, 5);
            FloatMatrix y = FloatMatrix.allocate(arena, 2, 3);

            assertThatThrownBy(() -> MatMul.multiply(x, packed, y, one))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("x is 2 x 5 where 2 x 4 is needed");
        }
    }

    private static int wholeBlocks(WeightType type, int inputs) {
        return Math.ceilDiv(inputs, type.blockElements()) * type.blockElements();
    }
}
