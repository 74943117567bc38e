package io.tributary.media.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PictureDecoderTest {
    private static final PictureDecoder DECODER = new PictureDecoder(ImageLimits.DEFAULT);

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static List<TestPictures.Expected> expected() {
        return TestPictures.expected();
    }

    private static int brightness(byte[] rgb, int at) {
        return (299 * Byte.toUnsignedInt(rgb[at])
                        + 587 * Byte.toUnsignedInt(rgb[at + 1])
                        + 114 * Byte.toUnsignedInt(rgb[at + 2]))
                / 1000;
    }

    @ParameterizedTest
    @MethodSource("expected")
    void pixelsAreThoseOfPillow(TestPictures.Expected expected) {
        Picture picture = DECODER.decode(TestPictures.file(expected.name()));
        assertThat(picture.width()).isEqualTo(expected.width());
        assertThat(picture.height()).isEqualTo(expected.height());
        assertThat(sha256(picture.rgb())).isEqualTo(expected.sha256());
    }

    /** The colours have half the resolution and are interpolated by Pillow alone, the brightness has all of it. */
    @Test
    void lossyWebpHasThoseOfPillowButForTheInterpolationOfColours() {
        Picture picture = DECODER.decode(TestPictures.file("lossy.webp"));
        byte[] reference = TestPictures.file("lossy.rgb");
        assertThat(picture.rgb()).hasSameSizeAs(reference);
        long difference = 0;
        for (int at = 0; at < reference.length; at += Picture.CHANNELS) {
            assertThat(brightness(picture.rgb(), at))
                    .as("brightness at byte %d", at)
                    .isBetween(brightness(reference, at) - 4, brightness(reference, at) + 4);
            for (int channel = 0; channel < Picture.CHANNELS; channel++) {
                difference += Math.abs(
                        Byte.toUnsignedInt(picture.rgb()[at + channel]) - Byte.toUnsignedInt(reference[at + channel]));
            }
        }
        assertThat((double) difference / reference.length).isLessThan(2);
    }

    @Test
    void alphaOfLossyWebpIsDropped() {
        Picture picture = DECODER.decode(TestPictures.file("lossyalpha.webp"));
        assertThat(picture.width()).isEqualTo(53);
        assertThat(picture.height()).isEqualTo(37);
    }

    @Test
    void sixteenBitGreyKeepsTheHighByte() {
        byte[] rows = {0, 0x12, 0x34, (byte) 0xFE, (byte) 0xDC};
        Picture picture =
                DECODER.decode(new PngBytes().header(2, 1, 16, 0).data(rows).end());
        assertThat(picture.rgb()).containsExactly(0x12, 0x12, 0x12, 0xFE, 0xFE, 0xFE);
    }

    @Test
    void threadsDoNotDisturbEachOther() throws Exception {
        List<TestPictures.Expected> all = TestPictures.expected();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<String>> sums = all.stream()
                    .map(each -> threads.submit(() -> sha256(
                            DECODER.decode(TestPictures.file(each.name())).rgb())))
                    .toList();
            for (int index = 0; index < all.size(); index++) {
                assertThat(sums.get(index).get(60, TimeUnit.SECONDS))
                        .as(all.get(index).name())
                        .isEqualTo(all.get(index).sha256());
            }
        }
    }

    @Test
    void aPictureKnowsHowManySamplesItHas() {
        assertThatThrownBy(() -> new Picture(2, 2, new byte[11]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2 x 2")
                .hasMessageContaining("11 bytes");
    }
}
