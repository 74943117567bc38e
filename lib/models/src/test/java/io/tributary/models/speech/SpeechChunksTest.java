package io.tributary.models.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tributary.checkpoints.HuggingFaceCheckpoint;
import io.tributary.kernels.FloatMatrix;
import io.tributary.kernels.WorkPool;
import io.tributary.models.EncoderLimits;
import io.tributary.models.packing.PackingCache;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HUB-4, as far as it holds: see {@link SpeechChunks}. */
class SpeechChunksTest {
    private static final int HALF_KERNEL = SeededSpeechModel.POSITION_KERNEL / 2;

    @TempDir
    private Path directory = Path.of("");

    private final WorkPool pool = new WorkPool(2);
    private final Arena arena = Arena.ofShared();
    private HuggingFaceCheckpoint checkpoint;
    private SpeechEncoder encoder;
    private final float[] samples = speech();

    @BeforeEach
    void load() throws IOException {
        SeededSpeechModel.write(directory);
        checkpoint = HuggingFaceCheckpoint.open(directory);
        encoder = new SpeechEncoder(checkpoint, pool, new EncoderLimits(300, 1), PackingCache.off());
    }

    @AfterEach
    void close() {
        encoder.close();
        checkpoint.close();
        pool.close();
        arena.close();
    }

    @Test
    void aFrameSees400SamplesAndTheNextOneBegins320Later() {
        assertThat(encoder.architecture().receptiveField()).isEqualTo(400);
        assertThat(encoder.architecture().hop()).isEqualTo(320);
        assertThat(encoder.frames(399)).isZero();
        assertThat(encoder.frames(400)).isEqualTo(1);
        assertThat(encoder.frames(719)).isEqualTo(1);
        assertThat(encoder.frames(720)).isEqualTo(2);
    }

    @Test
    void framesOfTheConvolutionsDependOnTheirOwnSamplesAlone() {
        float[] whole = frames(samples, 0, samples.length);
        int channels = whole.length / encoder.frames(samples.length);
        for (int first : new int[] {0, 1, 17, 100}) {
            float[] part = frames(samples, first * 320, 40 * 320 + 80);

            assertThat(part).hasSize(40 * channels);
            for (int i = 0; i < part.length; i++) {
                assertThat(part[i]).isEqualTo(whole[first * channels + i]);
            }
        }
    }

    @Test
    void chunksThatOverlapByHalfThePositionKernelGiveTheBitsOfTheWholeBeforeAttention() {
        float[] whole = encoded(new SpeechChunks(300, 0), 0);

        for (int interior : new int[] {1, 23, 60}) {
            assertThat(encoded(new SpeechChunks(interior, HALF_KERNEL), 0)).containsExactly(whole);
        }
        assertThat(encoded(new SpeechChunks(60, HALF_KERNEL - 1), 0)).isNotEqualTo(whole);
    }

    /** Attention sees the chunk alone: no overlap short of everything makes the layers equal, a longer one brings them nearer. */
    @Test
    void layersBehindAttentionOnlyComeNearerWithMoreOverlap() {
        float[] whole = encoded(new SpeechChunks(300, 0), 2);
        double few = deviation(whole, encoded(new SpeechChunks(50, HALF_KERNEL), 2));
        double many = deviation(whole, encoded(new SpeechChunks(50, 100), 2));

        assertThat(few).isPositive();
        assertThat(many).isLessThan(few);
        assertThat(encoded(new SpeechChunks(50, 200), 2)).containsExactly(whole);
    }

    @Test
    void chunksBeyondTheLimitsAndTooLittleSpeechAreRefused() {
        FloatMatrix one = FloatMatrix.allocate(arena, 1, SeededSpeechModel.WIDTH);
        FloatMatrix all = FloatMatrix.allocate(arena, 1000, SeededSpeechModel.WIDTH);

        assertThatThrownBy(() -> new SpeechChunks(0, 1)).hasMessageContaining("chunks of 0 frames");
        assertThatThrownBy(() -> new SpeechChunks(5, 1).encode(encoder, new float[399], 0, one))
                .isInstanceOf(SamplesException.class)
                .hasMessageContaining("399 samples; at least 400");
        assertThatThrownBy(() -> new SpeechChunks(5, 1).encode(encoder, samples, 0, one))
                .hasMessageContaining("a target of 1 rows for 200 frames");
        assertThatThrownBy(() -> new SpeechChunks(301, 0).encode(encoder, new float[1000 * 320 + 80], 0, all))
                .isInstanceOf(SamplesException.class);
        assertThatThrownBy(() -> encoder.encode(samples, 3, all)).hasMessageContaining("layer 3; 0 to 2");
    }

    /** No golden has this form: norms of rows, norms before the halves, and one behind the last layer. */
    @Test
    void theLargeFormIsTheOneOfItsDefinition() {
        float[] part = Arrays.copyOf(samples, 24 * 320 + 80);
        double[][] exact = new NaiveSpeech(checkpoint).hidden(part);
        FloatMatrix hidden = encoder.encode(part, (layer, rows) -> {});

        assertThat(hidden.rows()).isEqualTo(exact.length).isEqualTo(24);
        for (int row = 0; row < exact.length; row++) {
            for (int i = 0; i < hidden.columns(); i++) {
                assertThat((double) hidden.get(row, i)).isCloseTo(exact[row][i], within(5e-5));
            }
        }
    }

    @Test
    void aHeadScoresTheLabelsOfTheLastHiddenState() {
        FloatMatrix logits = FloatMatrix.allocate(arena, 200, SeededSpeechModel.LABELS);
        encoder.classify(samples, logits);
        int[] labels = new CtcDecoder(0).greedy(logits);

        assertThat(labels).isNotEmpty();
        assertThat(floats(logits)).doesNotContain(Float.NaN);
    }

    private float[] encoded(SpeechChunks chunks, int layer) {
        FloatMatrix target = FloatMatrix.allocate(arena, encoder.frames(samples.length), SeededSpeechModel.WIDTH);
        chunks.encode(encoder, samples, layer, target);
        return floats(target);
    }

    private float[] frames(float[] all, int from, int count) {
        FloatMatrix input = FloatMatrix.allocate(arena, count, 1);
        MemorySegment.copy(all, from, input.data(), ValueLayout.JAVA_FLOAT, 0, count);
        return floats(encoder.extractor().apply(input, arena, (layer, rows) -> {}));
    }

    private static double deviation(float[] whole, float[] part) {
        double squares = 0;
        for (int i = 0; i < whole.length; i++) {
            squares += Math.pow((double) whole[i] - part[i], 2);
        }
        return Math.sqrt(squares / whole.length);
    }

    /** 200 frames of tones that come and go, with noise. */
    private static float[] speech() {
        SplittableRandom random = new SplittableRandom(5);
        float[] samples = new float[199 * 320 + 400];
        for (int i = 0; i < samples.length; i++) {
            double loudness = 0.3 + 0.2 * Math.sin(i / 3000.0);
            samples[i] = (float) (loudness * Math.sin(i * (0.05 + i * 1e-6)) + 0.01 * random.nextGaussian());
        }
        return samples;
    }

    private static float[] floats(FloatMatrix matrix) {
        long bytes = (long) matrix.rows() * matrix.columns() * Float.BYTES;
        return matrix.data().asSlice(0, bytes).toArray(ValueLayout.JAVA_FLOAT);
    }
}
