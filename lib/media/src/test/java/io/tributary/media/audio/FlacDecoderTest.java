package io.tributary.media.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlacDecoderTest {
    private final AudioDecoder decoder = new AudioDecoder(AudioLimits.DEFAULT);

    /** The last column is the sum of sample * position over all channels, from libsndfile with samples of 32 bits. */
    @ParameterizedTest
    @CsvSource({
        "mono16, 5000, 16000, 1, 785832706310144",
        "stereo16, 9001, 44100, 2, -377784670355456",
        "stereo24, 6000, 48000, 2, 268230188846592",
        "mono8, 3000, 8000, 1, 9054915133440",
        "six16, 3000, 22050, 6, -37500457385984"
    })
    void everySampleIsWhatTheEncoderWasGiven(String name, int length, int rate, int channels, long weightedSum) {
        Sound sound = decoder.decode(FlacSamples.file(name));
        long sum = 0;
        for (int channel = 0; channel < sound.channels(); channel++) {
            for (int i = 0; i < sound.length(); i++) {
                long sample = (long) (sound.channel(channel)[i] * 0x1p31);
                sum += sample * (i + 1);
            }
        }

        assertThat(sound.length()).isEqualTo(length);
        assertThat(sound.sampleRate()).isEqualTo(rate);
        assertThat(sound.channels()).isEqualTo(channels);
        assertThat(sum).isEqualTo(weightedSum);
    }

    @Test
    void samplesThatDoNotMatchTheDigestAreRefused() {
        byte[] file = FlacSamples.file("mono16");
        file[26] ^= 1;

        assertThatThrownBy(() -> decoder.decode(file))
                .isInstanceOf(MalformedAudioException.class)
                .hasMessageContaining("do not match the digest");
    }
}
