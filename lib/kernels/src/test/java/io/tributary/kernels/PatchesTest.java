package io.tributary.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatchesTest {
    private static FloatMatrix random(Arena arena, int rows, int columns, SplittableRandom random) {
        FloatMatrix matrix = FloatMatrix.allocate(arena, rows, columns);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                matrix.set(row, column, (float) random.nextDouble(-1, 1));
            }
        }
        return matrix;
    }

    /** A convolution as its definition has it. */
    private static double convolution(
            FloatMatrix planes, FloatMatrix kernel, int[] shape, int output, int top, int left) {
        int channels = shape[0];
        int height = shape[1];
        int patch = shape[3];
        double sum = 0;
        for (int channel = 0; channel < channels; channel++) {
            for (int y = 0; y < patch; y++) {
                for (int x = 0; x < patch; x++) {
                    double weight = kernel.get(output, (channel * patch + y) * patch + x);
                    sum += weight * planes.get(channel * height + top * patch + y, left * patch + x);
                }
            }
        }
        return sum;
    }

    @ParameterizedTest
    @CsvSource({"1, 4, 4, 4, 3", "3, 32, 32, 8, 64", "3, 28, 14, 14, 5", "2, 6, 15, 3, 70", "3, 5, 7, 1, 2"})
    void productsWithPatchesAreAConvolution(int channels, int height, int width, int patch, int outputs) {
        long seed = 17;
        SplittableRandom random = new SplittableRandom(seed);
        int across = width / patch;
        int count = height / patch * across;
        int inputs = channels * patch * patch;
        try (Arena arena = Arena.ofShared();
                WorkPool pool = new WorkPool(2)) {
            FloatMatrix planes = random(arena, channels * height, width, random);
            FloatMatrix kernel = random(arena, outputs, inputs, random);
            PackedWeights packed = PackedWeights.pack(WeightType.F32, kernel.data(), outputs, inputs, arena, pool);
            FloatMatrix rows = FloatMatrix.allocate(arena, count, inputs);
            FloatMatrix result = FloatMatrix.allocate(arena, count, outputs);
            Patches.unfold(planes, channels, patch, rows);
            MatMul.multiply(rows, packed, result, pool);
            int[] shape = {channels, height, width, patch};
            for (int row = 0; row < count; row++) {
                for (int output = 0; output < outputs; output++) {
                    double expected = convolution(planes, kernel, shape, output, row / across, row % across);
                    assertThat((double) result.get(row, output))
                            .as("patch %d, output %d, seed %d", row, output, seed)
                            .isCloseTo(expected, within(1e-4));
                }
            }
        }
    }

    @Test
    void whatDoesNotFallIntoPatchesIsRefused() {
        try (Arena arena = Arena.ofConfined()) {
            FloatMatrix planes = FloatMatrix.allocate(arena, 3 * 10, 12);
            FloatMatrix rows = FloatMatrix.allocate(arena, 6, 48);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Patches.unfold(planes, 3, 4, rows))
                    .withMessageContaining("10 x 12")
                    .withMessageContaining("4 x 4");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Patches.unfold(planes, 4, 2, rows))
                    .withMessageContaining("4 channels");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Patches.unfold(planes, 3, 2, rows))
                    .withMessageContaining("30 x 12");
        }
    }
}
