package io.tributary.media.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResamplerTest {
    private static final String RATES = "44100, 16000";

    @ParameterizedTest
    @CsvSource({RATES, "48000, 16000", "8000, 16000", "11025, 16000", "96000, 16000", "16000, 44100", "44101, 16000"})
    void tonesUpToNineTenthsOfTheLowerBandPassUnchanged(int from, int to) {
        double lower = Math.min(from, to) / 2.0;
        for (double part = 0.02; part <= 0.9; part += 0.08) {
            double frequency = part * lower;
            float[] output = Resampler.between(from, to).resample(tone(frequency, from));
            double error = 0;
            for (int n = output.length / 4; n < output.length * 3 / 4; n++) {
                error = Math.max(error, Math.abs(output[n] - Math.sin(2 * Math.PI * frequency * n / to)));
            }

            assertThat(error).as("error at %s Hz", frequency).isLessThan(3e-5);
        }
    }

    @ParameterizedTest
    @CsvSource({RATES, "48000, 16000", "96000, 16000", "44101, 16000", "16000, 8000"})
    void tonesBeyondTheLowerBandAreNinetyFiveDecibelsDown(int from, int to) {
        for (double part = 1.0; part < (double) from / to; part += 0.07) {
            double frequency = part * to / 2;
            float[] output = Resampler.between(from, to).resample(tone(frequency + 1, from));
            double loudest = 0;
            for (int n = output.length / 4; n < output.length * 3 / 4; n++) {
                loudest = Math.max(loudest, Math.abs(output[n]));
            }

            assertThat(20 * Math.log10(loudest))
                    .as("alias of %s Hz in dB", frequency)
                    .isLessThan(-95);
        }
    }

    /** Upsampling repeats the spectrum around multiples of the old rate; what is left of that must be as quiet. */
    @Test
    void imagesOfATonesSpectrumAreNinetyFiveDecibelsDown() {
        double frequency = 3000;
        float[] output = Resampler.between(8000, 48000).resample(tone(frequency, 8000));
        double residue = 0;
        for (int n = output.length / 4; n < output.length * 3 / 4; n++) {
            double exact = Math.sin(2 * Math.PI * frequency * n / 48000);
            residue = Math.max(residue, Math.abs(output[n] - exact));
        }

        assertThat(20 * Math.log10(residue)).isLessThan(-90);
    }

    @ParameterizedTest
    @CsvSource({RATES, "8000, 16000", "44101, 16000", "16000, 44100", "384000, 16000"})
    void aConstantStaysWhatItIs(int from, int to) {
        float[] samples = new float[from / 2];
        Arrays.fill(samples, 0.5f);
        float[] output = Resampler.between(from, to).resample(samples);

        for (int n = output.length / 4; n < output.length * 3 / 4; n++) {
            assertThat((double) output[n]).isCloseTo(0.5, within(1e-7));
        }
    }

    @Test
    void theLengthIsThatOfTheTimeRoundedUp() {
        assertThat(Resampler.between(44100, 16000).length(44100)).isEqualTo(16000);
        assertThat(Resampler.between(44100, 16000).length(44101)).isEqualTo(16001);
        assertThat(Resampler.between(8000, 16000).length(5)).isEqualTo(10);
        for (int length : new int[] {0, 1, 2, 3, 100, 1237}) {
            for (int rate : new int[] {8000, 11025, 16000, 44100, 44101}) {
                float[] output = Resampler.between(rate, 16000).resample(new float[length]);

                assertThat(output).hasSize((int) Math.ceilDiv(length * 16000L, rate));
            }
        }
    }

    @Test
    void equalRatesChangeNothing() {
        float[] samples = {0.25f, -0.5f, 1e-30f};

        assertThat(Resampler.between(16000, 16000).resample(samples)).containsExactly(samples);
        assertThat(Resampler.between(16000, 16000).latency()).isZero();
    }

    @ParameterizedTest
    @CsvSource({RATES, "8000, 16000", "44101, 16000", "96000, 16000", "16000, 16000", "16000, 8001"})
    void piecesOfAnyLengthGiveTheBitsOfTheWhole(int from, int to) {
        for (long seed = 1; seed <= 5; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            float[] samples = new float[random.nextInt(1, 9000)];
            for (int i = 0; i < samples.length; i++) {
                samples[i] = (float) random.nextDouble(-1, 1);
            }
            Resampler resampler = Resampler.between(from, to);

            assertThat(inPieces(resampler, samples, random))
                    .as("seed %s", seed)
                    .containsExactly(resampler.resample(samples));
        }
    }

    @Test
    void anOutputComesAsSoonAsTheLatencyAllows() {
        Resampler resampler = Resampler.between(48000, 16000);
        ResamplingStream stream = resampler.stream();

        assertThat(resampler.latency()).isEqualTo(192);
        assertThat(stream.push(new float[resampler.latency()])).isEmpty();
        assertThat(stream.push(new float[1])).hasSize(1);
        assertThat(stream.push(new float[3])).hasSize(1);
        stream.finish();
        assertThatThrownBy(() -> stream.push(new float[1]))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("finished");
    }

    @Test
    void ratesThatCannotBeAreRefused() {
        assertThatThrownBy(() -> Resampler.between(0, 16000)).hasMessageContaining("from 0 to 16000 Hz");
        assertThatThrownBy(() -> Resampler.between(16000, 2_000_000)).hasMessageContaining("rates are 1 to 1048576");
    }

    private static float[] inPieces(Resampler resampler, float[] samples, SplittableRandom random) {
        ResamplingStream stream = resampler.stream();
        float[] all = new float[0];
        int from = 0;
        while (from < samples.length) {
            int to = Math.min(samples.length, from + random.nextInt(0, 700));
            all = join(all, stream.push(Arrays.copyOfRange(samples, from, to)));
            from = to;
        }
        return join(all, stream.finish());
    }

    private static float[] join(float[] first, float[] second) {
        float[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    /** A quarter of a second of a sine of amplitude 1. */
    private static float[] tone(double frequency, int rate) {
        float[] samples = new float[rate / 4];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) Math.sin(2 * Math.PI * frequency * i / rate);
        }
        return samples;
    }
}
