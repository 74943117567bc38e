package io.tributary.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RowKernelsTest {
    private final WorkPool pool = new WorkPool(1);

    @AfterEach
    void closePool() {
        pool.close();
    }

    @Test
    void rowsThatThreadsShareGetTheBitsThatOneThreadGivesThem() {
        int rows = 37;
        int columns = 20_010;
        try (WorkPool three = new WorkPool(3);
                Arena arena = Arena.ofShared()) {
            float[][] x = Samples.normalRows(new SplittableRandom(3), rows, columns, 2);

            assertThat(rowOperations(arena, x, three)).isEqualTo(rowOperations(arena, x, pool));
        }
    }

    /** Every row operation once, each on what the one before has left. */
    private static float[] rowOperations(Arena arena, float[][] values, WorkPool pool) {
        FloatMatrix x = Samples.matrix(arena, values);
        FloatMatrix y = Samples.matrix(arena, values);
        FloatMatrix angles = FloatMatrix.allocate(arena, x.rows(), 5);
        for (int row = 0; row < x.rows(); row++) {
            angles.set(row, 0, 0.1f * row);
        }
        Elementwise.addRow(x, y.data(), pool);
        RmsNorm.apply(x, y.data(), 1e-5f, x, pool);
        LayerNorm.apply(x, y.data(), y.data(), 1e-5f, x, pool);
        Gelu.EXACT.apply(x, x, pool);
        Rope.rotate(x, x.columns() / 10, 10, angles, angles, RopePairing.HALF_SPLIT, pool);
        Rope.rotate(x, x.columns() / 10, 10, angles, angles, RopePairing.INTERLEAVED, pool);
        Elementwise.add(x, y, pool);
        Elementwise.swiGlu(x, y, x, pool);
        return Samples.values(x);
    }

    private static final int LONGEST = 150;

    @Test
    void normsOfAnyLengthHaveTheBitsOfTheScalarReference() {
        for (int columns = 1; columns < LONGEST; columns++) {
            RowCases rows = new RowCases(columns, columns);

            assertThat(rows.rmsNorm(true)).as(rows.toString()).isEqualTo(rows.rmsNorm(false));
            assertThat(rows.layerNorm(true)).as(rows.toString()).isEqualTo(rows.layerNorm(false));
        }
    }

    @Test
    void sumsAndGatedUnitsOfAnyLengthHaveTheBitsOfTheScalarReference() {
        for (int columns = 1; columns < LONGEST; columns++) {
            RowCases rows = new RowCases(columns, columns);

            assertThat(rows.add(true)).as(rows.toString()).isEqualTo(rows.add(false));
            assertThat(rows.swiGlu(true)).as(rows.toString()).isEqualTo(rows.swiGlu(false));
        }
    }

    @ParameterizedTest
    @EnumSource(RopePairing.class)
    void rotationsOfAnyHeadSizeHaveTheBitsOfTheScalarReference(RopePairing pairing) {
        for (int headSize = 2; headSize < LONGEST; headSize++) {
            RowCases rows = new RowCases(headSize, headSize);

            assertThat(rows.rope(true, pairing)).as(rows.toString()).isEqualTo(rows.rope(false, pairing));
        }
    }

    @Test
    void aNormDividesByTheRootOfTheMeanSquare() {
        int columns = 2049;
        try (Arena arena = Arena.ofConfined()) {
            FloatMatrix x = FloatMatrix.allocate(arena, 1, columns);
            FloatMatrix weight = FloatMatrix.allocate(arena, 1, columns);
            FloatMatrix y = FloatMatrix.allocate(arena, 1, columns);
            double squares = 0;
            for (int i = 0; i < columns; i++) {
                x.set(0, i, (float) Math.sin(i));
                weight.set(0, i, 2f);
                squares += Math.pow(x.get(0, i), 2);
            }
            RmsNorm.apply(x, weight.data(), 1e-6f, y, pool);
            double scale = 1 / Math.sqrt(squares / columns + 1e-6);

            for (int i = 0; i < columns; i++) {
                assertThat((double) y.get(0, i)).isCloseTo(2 * x.get(0, i) * scale, within(2e-6));
            }
            assertThat(x.get(0, 1)).isEqualTo((float) Math.sin(1));
        }
    }

    @Test
    void aLayerNormGivesMeanZeroAndVarianceOne() {
        int columns = 2049;
        float epsilon = 1e-6f;
        try (Arena arena = Arena.ofConfined()) {
            FloatMatrix x = FloatMatrix.allocate(arena, 1, columns);
            FloatMatrix weight = FloatMatrix.allocate(arena, 1, columns);
            FloatMatrix bias = FloatMatrix.allocate(arena, 1, columns);
            FloatMatrix y = FloatMatrix.allocate(arena, 1, columns);
            double mean = 0;
            double squares = 0;
            for (int i = 0; i < columns; i++) {
                x.set(0, i, (float) Math.sin(i) + 3f);
                weight.set(0, i, 2f);
                bias.set(0, i, -1f);
                mean += x.get(0, i) / (double) columns;
                squares += Math.pow(x.get(0, i), 2) / columns;
            }
            LayerNorm.apply(x, weight.data(), bias.data(), epsilon, y, pool);
            double scale = 1 / Math.sqrt(squares - mean * mean + epsilon);

            for (int i = 0; i < columns; i++) {
                assertThat((double) y.get(0, i)).isCloseTo(2 * (x.get(0, i) - mean) * scale - 1, within(5e-6));
            }
        }
    }

    @Test
    void aLayerNormOfEqualNumbersIsTheBias() {
        for (int columns : new int[] {1, 4, 33, 48, 384, 768, 1023, 4096}) {
            float[] biases = Samples.normal(new SplittableRandom(columns), columns, 1);
            for (float value : new float[] {0.1f, 1.7f, -3.3f, 30.3f, 1e-6f, 1e6f}) {
                float[] equal = new float[columns];
                Arrays.fill(equal, value);
                try (Arena arena = Arena.ofConfined()) {
                    FloatMatrix x = Samples.matrix(arena, new float[][] {equal});
                    LayerNorm.apply(x, x.data(), Samples.segment(arena, biases), 1e-12f, x, pool);

                    assertThat(Samples.values(x)).as("%d x %s", columns, value).isEqualTo(biases);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Gelu.class)
    void geluOfAnyLengthHasTheBitsOfTheScalarReference(Gelu form) {
        for (int columns : new int[] {1, 7, 8, 15, 16, 17, 33, 1023, 1024, 1025, 2100}) {
            RowCases rows = new RowCases(columns, columns);

            assertThat(rows.gelu(true, form)).as(rows.toString()).isEqualTo(rows.gelu(false, form));
        }
    }

    @ParameterizedTest
    @EnumSource(Gelu.class)
    void geluIsNearDoublePrecision(Gelu form) {
        for (float x = -20f; x <= 20f; x += 0x1p-8f) {
            assertThat((double) gelu(form, x)).as("%s(%s)", form, x).isCloseTo(exactGelu(form, x), within(2e-6));
        }
        assertThat(gelu(form, 1e30f)).isEqualTo(1e30f);
        assertThat(gelu(form, -1e30f)).isZero();
        assertThat(gelu(form, Float.NaN)).isNaN();
    }

    private float gelu(Gelu form, float x) {
        try (Arena arena = Arena.ofConfined()) {
            // As many as a vector has, so that it is not computed one by one.
            FloatMatrix row = FloatMatrix.allocate(arena, 1, 16);
            for (int i = 0; i < 16; i++) {
                row.set(0, i, x);
            }
            form.apply(row, row, pool);
            return row.get(0, 0);
        }
    }

    private static double exactGelu(Gelu form, double x) {
        return switch (form) {
            case EXACT -> x * normalDistribution(x);
            case TANH -> x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
            case QUICK -> x / (1 + Math.exp(-1.702 * x));
        };
    }

    /** By its series (Marsaglia, "Evaluating the normal distribution", 2004), which converges everywhere. */
    private static double normalDistribution(double x) {
        if (Math.abs(x) > 8) {
            return x > 0 ? 1 : 0;
        }
        double sum = x;
        double term = x;
        for (int i = 3; Math.abs(term) > 1e-18; i += 2) {
            term *= x * x / i;
            sum += term;
        }
        return 0.5 + sum * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }

    @Test
    void siluIsNearDoublePrecisionInTheMiddle() {
        for (float x = -20f; x <= 20f; x += 0x1p-8f) {
            double exact = x / (1 + Math.exp(-x));

            assertThat((double) silu(x)).as("silu(%s)", x).isCloseTo(exact, within(2e-7 + 2e-7 * Math.abs(exact)));
        }
    }

    @Test
    void siluOfExtremeValuesIsFinite() {
        assertThat(silu(100f)).isEqualTo(100f);
        assertThat(silu(1e4f)).isEqualTo(1e4f);
        assertThat(silu(-100f)).isZero();
        assertThat(silu(-1e4f)).isZero();
        assertThat(silu(-89f)).isBetween(-1e-36f, 0f);
    }

    @Test
    void aRotationByNinetyDegreesSwapsThePair() {
        try (Arena arena = Arena.ofConfined()) {
            float[][] zero = {{0f, 0f}};
            float[][] unit = {{1f, 1f}};
            FloatMatrix cosine = Samples.matrix(arena, zero);
            FloatMatrix sine = Samples.matrix(arena, unit);
            FloatMatrix halves = Samples.matrix(arena, new float[][] {{1, 2, 3, 4, 5}});
            FloatMatrix neighbours = Samples.matrix(arena, new float[][] {{1, 2, 3, 4, 5}});
            Rope.rotate(halves, 1, 5, cosine, sine, RopePairing.HALF_SPLIT, pool);
            Rope.rotate(neighbours, 1, 5, cosine, sine, RopePairing.INTERLEAVED, pool);

            assertThat(Samples.values(halves)).containsExactly(-3, -4, 1, 2, 5);
            assertThat(Samples.values(neighbours)).containsExactly(-2, 1, -4, 3, 5);
        }
    }

    @Test
    void shapesThatDoNotFitAreRefused() {
        try (Arena arena = Arena.ofConfined()) {
            FloatMatrix two = FloatMatrix.allocate(arena, 2, 4);
            FloatMatrix three = FloatMatrix.allocate(arena, 2, 3);

            assertThatThrownBy(() -> Elementwise.add(two, three, pool))
                    .hasMessage("the summand is 2 x 3 where 2 x 4 is needed");
            assertThatThrownBy(() -> Elementwise.addRow(two, arena.allocate(15), pool))
                    .hasMessage("a bias of 15 bytes for rows of 16 bytes");
            assertThatThrownBy(() -> Elementwise.swiGlu(two, two, three, pool))
                    .hasMessageContaining("the target is 2 x 3");
            assertThatThrownBy(() -> RmsNorm.apply(two, arena.allocate(15), 1e-5f, two, pool))
                    .hasMessageContaining("a norm weight of 15 bytes");
            assertThatThrownBy(() -> Rope.rotate(two, 1, 4, three, three, RopePairing.HALF_SPLIT, pool))
                    .hasMessageContaining("1 heads of 4 elements with 3 rotated pairs");
        }
    }

    private float silu(float x) {
        try (Arena arena = Arena.ofConfined()) {
            FloatMatrix gate = FloatMatrix.allocate(arena, 1, 17);
            FloatMatrix up = FloatMatrix.allocate(arena, 1, 17);
            for (int i = 0; i < 17; i++) {
                gate.set(0, i, x);
                up.set(0, i, 1f);
            }
            Elementwise.swiGlu(gate, up, gate, pool);
            assertThat(gate.get(0, 16)).isEqualTo(gate.get(0, 0));
            return gate.get(0, 0);
        }
    }
}
