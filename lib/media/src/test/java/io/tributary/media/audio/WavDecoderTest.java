package io.tributary.media.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WavDecoderTest {
    private final AudioDecoder decoder = new AudioDecoder(AudioLimits.DEFAULT);

    @Test
    void everyEncodingMapsItsFullScaleToOne() {
        byte[] eight = {0, (byte) 128, (byte) 255};
        byte[] sixteen = {0, (byte) 0x80, 0, 0, (byte) 0xFF, 0x7F};
        byte[] twentyFour = {0, 0, (byte) 0x80, 0, 0, 0, (byte) 0xFF, (byte) 0xFF, 0x7F};
        byte[] thirtyTwo = {0, 0, 0, (byte) 0x80, 0, 0, 0, 0, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x7F};
        byte[] single =
                WavBytes.bytes(WavBytes.little(12).putFloat(-1).putFloat(0).putFloat(0.75f));
        byte[] twice =
                WavBytes.bytes(WavBytes.little(24).putDouble(-1).putDouble(0).putDouble(0.75));

        assertThat(mono(1, 8, eight)).containsExactly(-1, 0, 127f / 128);
        assertThat(mono(1, 16, sixteen)).containsExactly(-1, 0, 32767f / 32768);
        assertThat(mono(1, 24, twentyFour)).containsExactly(-1, 0, 8388607f / 8388608);
        assertThat(mono(1, 32, thirtyTwo)).containsExactly(-1, 0, Math.nextDown(1f));
        assertThat(mono(3, 32, single)).containsExactly(-1, 0, 0.75f);
        assertThat(mono(3, 64, twice)).containsExactly(-1, 0, 0.75f);
    }

    @Test
    void bytesOfTwentyFourBitSamplesStandLowestFirst() {
        assertThat(mono(1, 24, new byte[] {(byte) 0x81, (byte) 0x92, (byte) 0xA3}))
                .containsExactly(0xFFA39281 * 0x1p-23f);
    }

    @Test
    void channelsAreInterleavedAndTheirMeanIsMono() {
        byte[] data = WavBytes.bytes(WavBytes.little(12)
                .putShort((short) 16384)
                .putShort((short) 0)
                .putShort((short) -16384)
                .putShort((short) 8192)
                .putShort((short) 1)
                .putShort((short) 3));
        Sound sound = decoder.decode(WavBytes.of(1, 16, 8000, 2, data));

        assertThat(sound.channels()).isEqualTo(2);
        assertThat(sound.sampleRate()).isEqualTo(8000);
        assertThat(sound.channel(0)).containsExactly(0.5f, -0.5f, 0x1p-15f);
        assertThat(sound.channel(1)).containsExactly(0f, 0.25f, 3 * 0x1p-15f);
        assertThat(sound.mono()).containsExactly(0.25f, -0.125f, 0x1p-14f);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 0xFFFF_FFFF})
    void aStreamedFileGoesOnToItsEnd(int stated) {
        byte[] file = new WavBytes()
                .format(1, 16000, 1, 2, 16)
                .chunk("data", stated, new byte[] {0, 64, 0, 32, 1, 9})
                .file(stated);

        assertThat(decoder.decode(Arrays.copyOf(file, file.length - 1)).mono()).containsExactly(0.5f, 0.25f);
    }

    @Test
    void noSamplesAreNoFault() {
        byte[] file = new WavBytes()
                .format(1, 16000, 1, 2, 16)
                .chunk("data", new byte[0])
                .chunk("LIST", new byte[] {1, 2, 3, 4})
                .file();

        assertThat(decoder.decode(file).length()).isZero();
    }

    @Test
    void chunksOfOddLengthArePadded() {
        byte[] file = new WavBytes()
                .chunk("LIST", new byte[] {1, 2, 3})
                .format(1, 16000, 1, 1, 8)
                .chunk("data", new byte[] {(byte) 192})
                .chunk("cue ", new byte[] {1})
                .file();

        assertThat(decoder.decode(file).mono()).containsExactly(0.5f);
    }

    @Test
    void theSubFormatOfAnExtensibleHeaderDecides() {
        byte[] sample = WavBytes.bytes(WavBytes.little(4).putFloat(0.25f));

        assertThat(decoder.decode(new WavBytes()
                                .extensible(3, 48000, 1, 32)
                                .chunk("data", sample)
                                .file())
                        .mono())
                .containsExactly(0.25f);
        assertThatThrownBy(() -> decoder.decode(new WavBytes()
                        .extensible(0x50001, 48000, 1, 32)
                        .chunk("data", sample)
                        .file()))
                .isInstanceOf(UnsupportedAudioException.class)
                .hasMessageContaining("sub-format");
    }

    @Test
    void rawSamplesNeedNoHeader() {
        PcmFormat format = new PcmFormat(PcmEncoding.SIGNED_16, 16000, 1);

        assertThat(decoder.decode(new byte[] {0, 64, 0, -64}, format).mono()).containsExactly(0.5f, -0.5f);
        assertThatThrownBy(() -> decoder.decode(new byte[3], format))
                .isInstanceOf(MalformedAudioException.class)
                .hasMessageContaining("3 bytes are not a whole number of frames of 2");
        assertThatThrownBy(() -> decoder.decode(new byte[4], new PcmFormat(PcmEncoding.SIGNED_16, 0, 1)))
                .isInstanceOf(MalformedAudioException.class)
                .hasMessageContaining("0 Hz and 1 channels");
    }

    private float[] mono(int tag, int bits, byte[] data) {
        return decoder.decode(WavBytes.of(tag, bits, 16000, 1, data)).mono();
    }
}
