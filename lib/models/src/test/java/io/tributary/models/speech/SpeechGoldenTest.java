package io.tributary.models.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.checkpoints.HuggingFaceCheckpoint;
import io.tributary.checkpoints.StoredTensor;
import io.tributary.kernels.FloatMatrix;
import io.tributary.kernels.WorkPool;
import io.tributary.models.EncoderLimits;
import io.tributary.models.Golden;
import io.tributary.models.packing.PackingCache;
import io.tributary.models.weights.NonFiniteWeightException;
import io.tributary.models.weights.TensorShapeException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SpeechGoldenTest {
    private static final EncoderLimits LIMITS = new EncoderLimits(200, 1);

    private final Golden golden = new Golden("hubert");
    private final HuggingFaceCheckpoint checkpoint = HuggingFaceCheckpoint.open(golden.directory());
    private final WorkPool pool = new WorkPool(2);
    private final SpeechEncoder encoder = new SpeechEncoder(checkpoint, pool, LIMITS, PackingCache.off());

    @AfterEach
    void close() {
        encoder.close();
        pool.close();
        checkpoint.close();
        golden.close();
    }

    @Test
    void everyHiddenStateIsThatOfTheReference() {
        FloatMatrix last = encoder.encode(golden.inputFloats("waveform"), (layer, hidden) -> {
            String name = layer == 0 ? "encoder.layer_norm.output" : "encoder.layers." + (layer - 1) + ".output";
            assertNear(name, floats(hidden));
        });

        assertNear("last_hidden_state", floats(last));
        assertThat(last.rows()).isEqualTo(49);
    }

    @Test
    void theFirstAndLastConvolutionsAreThoseOfTheReference() {
        float[] input = golden.inputFloats("input_values");
        try (Arena arena = Arena.ofShared()) {
            FloatMatrix samples = FloatMatrix.allocate(arena, input.length, 1);
            MemorySegment.copy(input, 0, samples.data(), ValueLayout.JAVA_FLOAT, 0, input.length);
            encoder.extractor().apply(samples, arena, (layer, rows) -> {
                if (layer == 0 || layer == 6) {
                    String name = "feature_extractor.conv_layers." + layer + ".output";
                    int times = golden.columns(name);
                    float[] channelsFirst = new float[rows.columns() * times];
                    for (int i = 0; i < channelsFirst.length; i++) {
                        channelsFirst[i] = rows.get(i % times, i / times);
                    }
                    assertNear(name, channelsFirst);
                }
            });
        }
    }

    @Test
    void unitsAreThoseOfTheReference() {
        StoredTensor centroids = checkpoint.require("kmeans.centroids");
        try (Arena arena = Arena.ofShared()) {
            FloatMatrix features = FloatMatrix.allocate(arena, 49, 64);
            encoder.encode(golden.inputFloats("waveform"), 2, features);
            int[] units = SpeechUnits.of(centroids, arena).assign(features, pool);

            assertThat(units).containsExactly(golden.ids("units"));
            assertThat(SpeechUnits.withoutRepeats(units)).containsExactly(golden.ids("units_deduplicated"));
        }
    }

    @Test
    void centroidsThatAreNotAMatrixOfFiniteNumbersAreRefused() {
        StoredTensor infinite = StoredTensor.ofFloats("c", List.of(1L, 2L), 0f, Float.POSITIVE_INFINITY);

        assertThatThrownBy(() -> SpeechUnits.of(infinite, Arena.ofAuto()))
                .isInstanceOf(NonFiniteWeightException.class)
                .hasMessageContaining("element 1 is Infinity");
        assertThatThrownBy(() -> SpeechUnits.of(StoredTensor.ofFloats("c", List.of(2L), 0f, 1f), Arena.ofAuto()))
                .isInstanceOf(TensorShapeException.class);
    }

    @Test
    void threadsChangeNoBit() {
        float[] waveform = golden.inputFloats("waveform");
        float[] two = floats(encoder.encode(waveform, (layer, hidden) -> {}));
        try (WorkPool one = new WorkPool(1);
                SpeechEncoder alone = new SpeechEncoder(checkpoint, one, LIMITS, PackingCache.off())) {
            assertThat(floats(alone.encode(waveform, (layer, hidden) -> {}))).containsExactly(two);
        }
    }

    @Test
    void tooFewTooManyOrDamagedSamplesAreRefused() {
        assertThatThrownBy(() -> encoder.encode(new float[399], (layer, hidden) -> {}))
                .isInstanceOf(SamplesException.class)
                .hasMessage("399 samples; 400 to 64399 at 16000 Hz are possible");
        assertThatThrownBy(() -> encoder.encode(new float[64_400], (layer, hidden) -> {}))
                .isInstanceOf(SamplesException.class);
        float[] damaged = new float[800];
        damaged[799] = Float.NaN;
        assertThatThrownBy(() -> encoder.encode(damaged, (layer, hidden) -> {}))
                .isInstanceOf(SamplesException.class)
                .hasMessageContaining("sample 799 is NaN");
        assertThat(encoder.encode(new float[400], (layer, hidden) -> {}).rows()).isEqualTo(1);
        assertThat(encoder.encode(new float[64_399], (layer, hidden) -> {}).rows())
                .isEqualTo(200);
    }

    /** HUB-3: applying the folded weights is applying lengths and directions one after the other. */
    @Test
    void foldedWeightsAreLengthsTimesDirections() {
        StoredTensor g = checkpoint.require("encoder.pos_conv_embed.conv.weight_g");
        StoredTensor v = checkpoint.require("encoder.pos_conv_embed.conv.weight_v");
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment lengths = arena.allocate(g.data().byteSize(), 64).copyFrom(g.data());
            MemorySegment directions = arena.allocate(v.data().byteSize(), 64).copyFrom(v.data());
            float[] folded = WeightNorm.fold(lengths, directions, 16, arena).toArray(ValueLayout.JAVA_FLOAT);
            float[] unfolded = directions.toArray(ValueLayout.JAVA_FLOAT);
            double[] squares = new double[16];
            for (int i = 0; i < unfolded.length; i++) {
                squares[i % 16] += (double) unfolded[i] * unfolded[i];
            }
            for (int i = 0; i < unfolded.length; i++) {
                double exact =
                        unfolded[i] / Math.sqrt(squares[i % 16]) * lengths.getAtIndex(ValueLayout.JAVA_FLOAT, i % 16);
                assertThat(Math.abs(folded[i] - exact)).isLessThanOrEqualTo(1e-6);
            }
            assertThat(Arrays.stream(squares).min().orElse(0)).isPositive();
        }
    }

    private void assertNear(String name, float[] found) {
        float[] expected = golden.floats(name);
        assertThat(found).as(name).hasSize(expected.length);
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            worst = Math.max(worst, Math.abs((double) found[i] - expected[i]));
        }
        assertThat(worst).as("largest error of %s", name).isLessThanOrEqualTo(golden.tolerance(name));
    }

    private static float[] floats(FloatMatrix matrix) {
        long bytes = (long) matrix.rows() * matrix.columns() * Float.BYTES;
        return matrix.data().asSlice(0, bytes).toArray(ValueLayout.JAVA_FLOAT);
    }
}
