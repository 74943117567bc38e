package io.tributary.media.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostileAudioTest {
    private final AudioDecoder decoder = new AudioDecoder(AudioLimits.DEFAULT);

    @Test
    void bytesOfNoKnownFormatAreNamedAsSuch() {
        for (int length : new int[] {0, 3, 4, 11, 12, 400}) {
            assertThatThrownBy(() -> decoder.decode(new byte[length]))
                    .isInstanceOf(UnsupportedAudioException.class)
                    .hasMessageContaining(length + " bytes")
                    .hasMessageContaining("neither as a WAV file");
        }
    }

    @Test
    void aDataChunkLongerThanItsFileIsALie() {
        assertMalformed(
                new WavBytes()
                        .format(1, 16000, 1, 2, 16)
                        .chunk("data", 1_000_000, new byte[10])
                        .file(),
                "its data chunk says 1000000 bytes where 10 are left");
        assertMalformed(
                new WavBytes().chunk("LIST", Integer.MAX_VALUE, new byte[10]).file(),
                "chunk 'LIST' says 2147483647 bytes where 10 are left");
        assertMalformed(
                new WavBytes().chunk("\u0001\u0002ab", -2, new byte[10]).file(), "chunk '??ab' says 4294967294 bytes");
    }

    @Test
    void aHeaderThatContradictsItselfIsRefused() {
        assertMalformed(
                new WavBytes()
                        .format(1, 16000, 2, 2, 16)
                        .chunk("data", new byte[8])
                        .file(),
                "its block align is 2 where 2 channels of 16 bits take 4 bytes");
        assertMalformed(WavBytes.of(1, 16, 0, 1, new byte[8]), "its header says 0 Hz and 1 channels");
        assertMalformed(WavBytes.of(1, 16, 16000, 0, new byte[8]), "its header says 16000 Hz and 0 channels");
        assertMalformed(WavBytes.of(1, 16, 16000, 1, new byte[7]), "not a whole number of frames of 2");
        assertMalformed(new WavBytes().chunk("data", new byte[8]).file(), "before a fmt chunk");
        assertMalformed(new WavBytes().chunk("fmt ", new byte[14]).file(), "its fmt chunk has 14 bytes");
        assertMalformed(new WavBytes().format(1, 16000, 1, 2, 16).file(), "without a data chunk");
        assertMalformed(new WavBytes().format(0xFFFE, 16000, 1, 2, 16).file(), "its extensible fmt chunk has 16 bytes");
    }

    @Test
    void formsBeyondTheLimitsAreRefusedOnTheHeader() {
        AudioDecoder small = new AudioDecoder(new AudioLimits(1000, 1, 100, 2, 150));

        assertTooLarge(small, new byte[1001], "1001 bytes; at most 1000");
        assertTooLarge(small, WavBytes.of(1, 8, 101, 1, new byte[8]), "101 Hz and 1 channels; at most 100 Hz");
        assertTooLarge(small, WavBytes.of(1, 8, 100, 3, new byte[9]), "100 Hz and 3 channels");
        assertTooLarge(small, WavBytes.of(1, 8, 100, 1, new byte[101]), "101 samples in 1 channels");
        assertTooLarge(small, WavBytes.of(1, 8, 100, 2, new byte[152]), "76 samples in 2 channels");
        assertThat(small.decode(WavBytes.of(1, 8, 100, 2, new byte[150])).length())
                .isEqualTo(75);
    }

    @Test
    void otherCodingsAreNamedWithWhatIsRead() {
        assertThatThrownBy(() -> decoder.decode(WavBytes.of(85, 16, 16000, 1, new byte[8])))
                .isInstanceOf(UnsupportedAudioException.class)
                .hasMessageContaining("format tag 85 with 16 bits; tag 1 (PCM) with 8, 16, 24 or 32 bits");
        assertThatThrownBy(() -> decoder.decode(WavBytes.of(3, 16, 16000, 1, new byte[8])))
                .isInstanceOf(UnsupportedAudioException.class)
                .hasMessageContaining("format tag 3 with 16 bits");
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void samplesThatAreNotFiniteAreRefused(float sample) {
        byte[] single = WavBytes.bytes(WavBytes.little(8).putFloat(0).putFloat(sample));
        byte[] twice = WavBytes.bytes(WavBytes.little(16).putDouble(0).putDouble(sample));

        assertMalformed(WavBytes.of(3, 32, 16000, 1, single), "sample 1 is " + sample);
        assertMalformed(WavBytes.of(3, 64, 16000, 1, twice), "sample 1 is " + sample);
    }

    @Test
    void aDoubleBeyondTheRangeOfFloatsIsNotFinite() {
        assertMalformed(
                WavBytes.of(3, 64, 16000, 1, WavBytes.bytes(WavBytes.little(8).putDouble(1e300))),
                "sample 0 is Infinity");
    }

    @Test
    void aFlacFileThatEndsEarlyIsRefusedWhereverItEnds() {
        byte[] file = FlacSamples.file("mono16");
        for (int length = 4; length < file.length; length += 7) {
            byte[] cut = Arrays.copyOf(file, length);
            assertThatThrownBy(() -> decoder.decode(cut))
                    .as("%s of %s bytes", length, file.length)
                    .isInstanceOf(MalformedAudioException.class);
        }
        byte[] almost = Arrays.copyOf(file, file.length - 1);
        assertMalformed(almost, "it ends within a frame or a block, after " + almost.length + " bytes");
    }

    @Test
    void aFlacFrameWithAWrongBitDoesNotMatchItsChecksum() {
        byte[] file = FlacSamples.file("stereo16");
        file[file.length - 100] ^= 16;

        assertThatThrownBy(() -> decoder.decode(file))
                .isInstanceOf(MalformedAudioException.class)
                .hasMessageContaining("FLAC");
    }

    @Test
    void aFlacHeaderThatPromisesTooMuchIsRefusedBeforeAnyFrame() {
        byte[] file = FlacSamples.file("mono16");
        Arrays.fill(file, 22, 26, (byte) 0xFF);

        assertTooLarge(decoder, file, "4294967295 samples in 1 channels at 16000 Hz or more");
    }

    @Test
    void aFlacFileOfUnknownLengthIsHeldToTheLimitsAsItIsDecoded() {
        byte[] file = FlacSamples.file("mono16");
        Arrays.fill(file, 22, 26, (byte) 0);

        assertThat(decoder.decode(file).length()).isEqualTo(5000);
        assertTooLarge(new AudioDecoder(new AudioLimits(10_000, 1, 16_000, 1, 4999)), file, "samples in 1 channels");
    }

    private void assertMalformed(byte[] file, String message) {
        assertThatThrownBy(() -> decoder.decode(file))
                .isInstanceOf(MalformedAudioException.class)
                .hasMessageContaining(message);
    }

    private static void assertTooLarge(AudioDecoder decoder, byte[] file, String message) {
        assertThatThrownBy(() -> decoder.decode(file))
                .isInstanceOf(AudioTooLargeException.class)
                .hasMessageContaining(message);
    }
}
