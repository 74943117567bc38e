package io.tributary.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class Conv1dTest {
    static final List<ConvolutionCase> CASES = List.of(
            new ConvolutionCase(Conv1dShape.of(1, 33, 10, 5), 203, 1),
            new ConvolutionCase(Conv1dShape.of(7, 5, 3, 2), 50, 2),
            new ConvolutionCase(Conv1dShape.of(64, 70, 2, 2), 31, 3),
            new ConvolutionCase(new Conv1dShape(32, 32, 16, 1, 4, 8), 37, 4),
            new ConvolutionCase(new Conv1dShape(12, 6, 5, 3, 3, 2), 29, 5),
            new ConvolutionCase(new Conv1dShape(3, 4, 9, 1, 1, 4), 2, 6));

    @Test
    void aConvolutionIsTheSumOverTapsAndInputs() {
        for (ConvolutionCase convolution : CASES) {
            float[] found = convolution.found(true);
            double[] exact = convolution.exact();
            assertThat(found).hasSize(exact.length);
            for (int i = 0; i < exact.length; i++) {
                assertThat((double) found[i]).as("%s at %s", convolution, i).isCloseTo(exact[i], within(1e-5));
            }
        }
    }

    @Test
    void everyFormHasTheBitsOfTheScalarReference() {
        for (ConvolutionCase convolution : CASES) {
            assertThat(convolution.found(true)).as(convolution.toString()).isEqualTo(convolution.reference());
        }
    }

    @Test
    void threadsAndPartsOfTheTimeChangeNoBit() {
        ConvolutionCase large = new ConvolutionCase(Conv1dShape.of(1, 64, 10, 5), 60_000, 7);
        ConvolutionCase grouped = new ConvolutionCase(new Conv1dShape(48, 48, 128, 1, 16, 64), 300, 8);
        try (WorkPool one = new WorkPool(1);
                WorkPool three = new WorkPool(3)) {
            for (ConvolutionCase convolution : List.of(large, grouped)) {
                float[] whole = convolution.kernel(one, Integer.MAX_VALUE / 2);

                assertThat(convolution.kernel(three, Integer.MAX_VALUE / 2)).isEqualTo(whole);
                assertThat(convolution.kernel(three, 117)).isEqualTo(whole);
            }
        }
    }

    @Test
    void theNumberOfOutputsIsRoundedDown() {
        assertThat(Conv1dShape.of(1, 1, 10, 5).length(9)).isZero();
        assertThat(Conv1dShape.of(1, 1, 10, 5).length(10)).isEqualTo(1);
        assertThat(Conv1dShape.of(1, 1, 10, 5).length(14)).isEqualTo(1);
        assertThat(Conv1dShape.of(1, 1, 10, 5).length(15)).isEqualTo(2);
        assertThat(new Conv1dShape(1, 1, 128, 1, 1, 64).length(7)).isEqualTo(8);
    }

    @Test
    void shapesThatDoNotFitAreRefused() {
        assertThatThrownBy(() -> new Conv1dShape(6, 4, 3, 1, 4, 0))
                .hasMessage("4 groups do not divide 6 inputs and 4 outputs");
        assertThatThrownBy(() -> Conv1dShape.of(1, 1, 0, 1)).hasMessageContaining("kernel 0");
        try (WorkPool pool = new WorkPool(1);
                Arena arena = Arena.ofShared()) {
            Conv1dShape shape = Conv1dShape.of(2, 3, 4, 1);
            Conv1d convolution = Conv1d.pack(shape, arena.allocate(96), arena, pool);
            FloatMatrix x = FloatMatrix.allocate(arena, 9, 2);
            FloatMatrix y = FloatMatrix.allocate(arena, 6, 3);

            assertThatThrownBy(() -> Conv1d.pack(shape, arena.allocate(95), arena, pool))
                    .hasMessageContaining("96 bytes of weights, the segment 95");
            assertThatThrownBy(() -> convolution.apply(x, 1, y, pool))
                    .hasMessageContaining("outputs 1 to 7")
                    .hasMessageContaining("which has 6");
            assertThatThrownBy(() -> convolution.apply(y, 0, y, pool)).hasMessageContaining("x is 6 x 3");
        }
    }

    @Test
    void aNormOverTimeTakesEachChannelForItself() {
        try (WorkPool pool = new WorkPool(2);
                Arena arena = Arena.ofShared()) {
            float[][] values = Samples.normalRows(new SplittableRandom(9), 4001, 300, 3);
            for (float[] row : values) {
                row[299] += 100;
            }
            FloatMatrix x = Samples.matrix(arena, values);
            float[] weight = Samples.normal(new SplittableRandom(10), 300, 1);
            float[] bias = Samples.normal(new SplittableRandom(11), 300, 1);
            ChannelNorm.apply(x, Samples.segment(arena, weight), Samples.segment(arena, bias), 1e-5f, x, pool);

            for (int channel : new int[] {0, 1, 255, 256, 299}) {
                double mean = 0;
                for (float[] row : values) {
                    mean += row[channel] / 4001.0;
                }
                double variance = 0;
                for (float[] row : values) {
                    variance += (row[channel] - mean) * (row[channel] - mean) / 4001.0;
                }
                for (int row = 0; row < 4001; row += 97) {
                    double exact = (values[row][channel] - mean) / Math.sqrt(variance + 1e-5) * weight[channel]
                            + bias[channel];
                    assertThat((double) x.get(row, channel)).isCloseTo(exact, within(2e-5));
                }
            }
        }
    }

    @Test
    void normsOverTimeHaveTheBitsOfTheScalarReferenceWhateverTheThreads() {
        for (int channels : new int[] {1, 3, 16, 37, 256, 261, 600}) {
            ChannelNormCase norm = new ChannelNormCase(channels, 300, channels);

            assertThat(norm.kernel(1)).as(norm.toString()).isEqualTo(norm.reference());
            assertThat(norm.kernel(3)).as(norm.toString()).isEqualTo(norm.reference());
        }
    }

    @Test
    void aNormOverNoTimeIsRefused() {
        try (WorkPool pool = new WorkPool(1);
                Arena arena = Arena.ofShared()) {
            FloatMatrix none = FloatMatrix.allocate(arena, 0, 4);
            FloatMatrix one = FloatMatrix.allocate(arena, 1, 4);

            assertThatThrownBy(() -> ChannelNorm.apply(none, one.data(), one.data(), 1e-5f, none, pool))
                    .hasMessageContaining("at least 1 row");
            assertThatThrownBy(() -> ChannelNorm.apply(one, arena.allocate(15), one.data(), 1e-5f, one, pool))
                    .hasMessageContaining("weight of 15 bytes");
        }
    }
}
