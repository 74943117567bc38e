package io.tributary.models.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tributary.checkpoints.HuggingFaceCheckpoint;
import io.tributary.kernels.Codebook;
import io.tributary.kernels.FloatMatrix;
import io.tributary.kernels.WorkPool;
import io.tributary.media.audio.AudioDecoder;
import io.tributary.media.audio.AudioLimits;
import io.tributary.media.audio.Sound;
import io.tributary.models.Golden;
import io.tributary.models.architecture.SpeechArchitecture;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An utterance of LibriSpeech with the features and units of HuBERT base, from the folder that TRIBUTARY_DATA names. */
class RealSpeechTest {
    private static final int FRAMES = 596;
    private static final int WIDTH = 768;

    private Path folder = Path.of("");

    @BeforeEach
    void findData() {
        @Nullable String data = System.getenv("TRIBUTARY_DATA");
        assumeTrue(data != null, "TRIBUTARY_DATA names no folder with real data");
        folder = Path.of(data, "hubert");
        assumeTrue(Files.isDirectory(folder), "there is no folder " + folder);
    }

    /** HUB-1. */
    @Test
    void aFlacFileOf190800SamplesHas596Frames() throws IOException {
        Sound sound = new AudioDecoder(AudioLimits.DEFAULT)
                .decode(Files.readAllBytes(folder.resolve("6313-76958-0021.flac")));

        assertThat(sound.length()).isEqualTo(190_800);
        assertThat(sound.sampleRate()).isEqualTo(16_000);
        try (Golden golden = new Golden("hubert");
                HuggingFaceCheckpoint checkpoint = HuggingFaceCheckpoint.open(golden.directory())) {
            assertThat(SpeechArchitecture.read(checkpoint, true).frames(sound.length()))
                    .isEqualTo(FRAMES);
        }
    }

    /** HUB-2; a frame whose unit no other has cannot be left out of its mean and does not count. */
    @Test
    void theNearestClassMeanGivesTheUnitsOfTheseFrames() throws IOException {
        int[] units = Arrays.stream(Files.readString(folder.resolve("sample.base.L9.km500.km"))
                        .strip()
                        .split("\\s+", -1))
                .mapToInt(Integer::parseInt)
                .toArray();
        int[] names = Arrays.stream(units).distinct().toArray();
        int[] classes = Arrays.stream(units).map(unit -> indexOf(names, unit)).toArray();
        try (Arena arena = Arena.ofShared();
                WorkPool pool = new WorkPool(2)) {
            FloatMatrix features = features(arena);
            double[][] sums = new double[names.length][WIDTH];
            int[] counts = new int[names.length];
            for (int frame = 0; frame < FRAMES; frame++) {
                counts[classes[frame]]++;
                add(features, frame, 1, sums[classes[frame]]);
            }
            FloatMatrix means = FloatMatrix.allocate(arena, names.length, WIDTH);
            for (int unit = 0; unit < names.length; unit++) {
                mean(sums[unit], counts[unit], means, unit);
            }
            int[] found = new SpeechUnits(Codebook.pack(means, arena)).assign(features, pool);
            int right = 0;
            int rightWithoutItself = 0;
            int leftOut = 0;
            for (int frame = 0; frame < FRAMES; frame++) {
                int unit = classes[frame];
                right += found[frame] == unit ? 1 : 0;
                if (counts[unit] > 1) {
                    leftOut++;
                    add(features, frame, -1, sums[unit]);
                    mean(sums[unit], counts[unit] - 1, means, unit);
                    try (Arena one = Arena.ofShared()) {
                        SpeechUnits without = new SpeechUnits(Codebook.pack(means, one));
                        rightWithoutItself += without.assign(features.rows(frame, 1), pool)[0] == unit ? 1 : 0;
                    }
                    add(features, frame, 1, sums[unit]);
                    mean(sums[unit], counts[unit], means, unit);
                }
            }

            assertThat(units).hasSize(FRAMES);
            assertThat(names).hasSize(233);
            assertThat(SpeechUnits.withoutRepeats(units)).hasSize(370);
            assertThat(100.0 * right / FRAMES).isCloseTo(90.3, within(0.05));
            assertThat(100.0 * rightWithoutItself / leftOut).isCloseTo(57.4, within(0.05));
        }
    }

    private FloatMatrix features(Arena arena) throws IOException {
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(folder.resolve("sample.base.L9.npy")))
                .order(ByteOrder.LITTLE_ENDIAN);
        int header = 12 + file.getInt(8);
        FloatMatrix features = FloatMatrix.allocate(arena, FRAMES, WIDTH);
        for (int i = 0; i < FRAMES * WIDTH; i++) {
            features.data().setAtIndex(ValueLayout.JAVA_FLOAT, i, file.getFloat(header + i * Float.BYTES));
        }
        return features;
    }

    private static void add(FloatMatrix features, int frame, int sign, double[] sum) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += sign * (double) features.get(frame, i);
        }
    }

    private static void mean(double[] sum, int count, FloatMatrix means, int row) {
        for (int i = 0; i < sum.length; i++) {
            means.set(row, i, (float) (sum[i] / count));
        }
    }

    private static int indexOf(int[] names, int name) {
        for (int i = 0; i < names.length; i++) {
            if (names[i] == name) {
                return i;
            }
        }
        throw new IllegalArgumentException(name + " is no unit");
    }
}
