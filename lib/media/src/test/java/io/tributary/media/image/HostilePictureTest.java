package io.tributary.media.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are too large, too short, wrong, or not what they say. */
class HostilePictureTest {
    private static final PictureDecoder DECODER = new PictureDecoder(ImageLimits.DEFAULT);
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final long SMALL = 2 << 20;

    /** What is looked up once is not a cost of a file. */
    @BeforeAll
    static void lookUpReaders() {
        assertThat(DECODER.decode(TestPictures.file("rgb.png")).width()).isEqualTo(53);
    }

    private static byte[] changed(String name, int at, int... bytes) {
        byte[] file = TestPictures.file(name);
        for (int index = 0; index < bytes.length; index++) {
            file[at + index] = (byte) bytes[index];
        }
        return file;
    }

    private static int indexOf(byte[] file, String what) {
        return new String(file, StandardCharsets.ISO_8859_1).indexOf(what);
    }

    private static int sizeInJpeg(String name) {
        return indexOf(TestPictures.file(name), "\u00ff\u00c0") + 5;
    }

    private static Stream<byte[]> hugeHeaders() {
        return Stream.of(
                new PngBytes().header(40_000, 40_000, 8, 2).data(new byte[100]).end(),
                new PngBytes()
                        .header(Integer.MAX_VALUE, Integer.MAX_VALUE, 1, 0)
                        .end(),
                changed("420.jpg", sizeInJpeg("420.jpg"), 0x9C, 0x40, 0x9C, 0x40),
                changed("grey.gif", indexOf(TestPictures.file("grey.gif"), "GIF") + 6, 0x40, 0x9C, 0x40, 0x9C),
                changed("exif8.webp", 24, 0x3F, 0x9C, 0, 0x3F, 0x9C, 0),
                changed("lossless.webp", 21, 0xFF, 0xFF, 0xFF, 0x0F));
    }

    @ParameterizedTest
    @MethodSource("hugeHeaders")
    void aHugeSizeIsRefusedBeforeMemoryIsTaken(byte[] file) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        Throwable refusal = catchThrowable(() -> DECODER.decode(file));
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(SMALL);
        assertThat(refusal).isInstanceOf(ImageTooLargeException.class).hasMessageContaining("at most 32768 columns");
    }

    @Test
    void aFileOfTooManyBytesIsNotLookedAt() {
        PictureDecoder decoder = new PictureDecoder(new ImageLimits(100, 10, 10, 100));
        assertThatExceptionOfType(ImageTooLargeException.class)
                .isThrownBy(() -> decoder.decode(new byte[101]))
                .withMessageContaining("101 bytes")
                .withMessageContaining("at most 100");
    }

    @Test
    void aTextThatUnpacksToMuchIsLeftPacked() {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        text.writeBytes("Comment\0\0".getBytes(StandardCharsets.ISO_8859_1));
        text.writeBytes(PngBytes.deflated(new byte[64 << 20]));
        byte[] file = new PngBytes()
                .header(1, 1, 8, 0)
                .chunk("zTXt", text.toByteArray())
                .chunk("iCCP", text.toByteArray())
                .data(new byte[] {0, 7})
                .end();
        long before = THREADS.getCurrentThreadAllocatedBytes();
        assertThat(DECODER.decode(file).rgb()).containsExactly(7, 7, 7);
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(SMALL);
    }

    @Test
    void dataThatUnpackToMoreThanThePictureAreNotUnpacked() {
        byte[] file = new PngBytes().header(1, 1, 8, 0).data(new byte[64 << 20]).end();
        long before = THREADS.getCurrentThreadAllocatedBytes();
        assertThat(DECODER.decode(file).rgb()).containsExactly(0, 0, 0);
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(SMALL);
    }

    @Test
    void noBytesAreNoPicture() {
        assertThatExceptionOfType(UnsupportedImageException.class)
                .isThrownBy(() -> DECODER.decode(new byte[0]))
                .withMessageContaining("0 bytes")
                .withMessageContaining("PNG, JPEG, WebP or GIF");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "BM......",
                "II*\0....",
                "<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
                "%PDF-1.7",
                "RIFF....WAVE"
            })
    void otherFormatsReachNoReader(String file) {
        assertThatExceptionOfType(UnsupportedImageException.class)
                .isThrownBy(() -> DECODER.decode(file.getBytes(StandardCharsets.ISO_8859_1)))
                .withMessageContaining("no known format")
                .withMessageContaining("PNG, JPEG, WebP and GIF are read");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rgb.png",
                "interlaced.png",
                "420.jpg",
                "progressive.jpg",
                "cmyk.jpg",
                "restarts.jpg",
                "lossless.webp",
                "lossy.webp",
                "animated.webp",
                "grey.gif",
                "interlaced.gif"
            })
    void aTruncatedFileIsAnErrorWhereverItEnds(String name) {
        byte[] file = TestPictures.file(name);
        int last = name.endsWith(".gif") ? file.length - 2 : file.length - 1;
        for (int length = 1; length <= last; length += Math.max(1, last / 97)) {
            byte[] start = Arrays.copyOf(file, length);
            assertThat(catchThrowable(() -> DECODER.decode(start)))
                    .as("%s cut to %d of %d bytes", name, length, file.length)
                    .isInstanceOfAny(MalformedImageException.class, UnsupportedImageException.class);
        }
    }

    @Test
    void aFileThatEndsInTimeButHasTooFewRowsIsTruncated() {
        byte[] oneRow = new byte[1 + 9];
        byte[] png = new PngBytes().header(9, 5, 8, 0).data(oneRow).end();
        assertThatExceptionOfType(MalformedImageException.class).isThrownBy(() -> DECODER.decode(png));
        byte[] gif = TestPictures.file("grey.gif");
        int codes = 13 + 3 * 256 + 10 + 1;
        byte[] shortened = Arrays.copyOf(gif, codes + 1 + 100 + 2);
        assertThat(gif[codes]).as("length of the first block").isEqualTo((byte) 255);
        shortened[codes] = 100;
        shortened[codes + 101] = 0;
        shortened[codes + 102] = 0x3B;
        assertThatExceptionOfType(MalformedImageException.class)
                .isThrownBy(() -> DECODER.decode(shortened))
                .withMessageContaining("rows")
                .withMessageContaining("truncated");
        byte[] jpeg = TestPictures.file("420.jpg");
        byte[] ended = Arrays.copyOf(jpeg, jpeg.length - 200);
        ended[ended.length - 2] = (byte) 0xFF;
        ended[ended.length - 1] = (byte) 0xD9;
        assertThatExceptionOfType(MalformedImageException.class)
                .isThrownBy(() -> DECODER.decode(ended))
                .withMessageContaining("remature end");
    }

    /** The lengths of all chunks are right, but the bits in them end too early. */
    @Test
    void aBitStreamThatEndsTooEarlyIsTruncated() {
        byte[] file = TestPictures.file("lossless.webp");
        for (int kept = 6; kept < file.length - 20 - 24; kept += 40) {
            ByteBuffer shortened = ByteBuffer.allocate(20 + kept).order(ByteOrder.LITTLE_ENDIAN);
            shortened.put(file, 0, 20 + kept).putInt(4, 12 + kept).putInt(16, kept);
            assertThat(catchThrowable(() -> DECODER.decode(shortened.array())))
                    .as("%d bytes kept", kept)
                    .isInstanceOf(MalformedImageException.class);
        }
    }

    @Test
    void aWrongChecksumIsFound() {
        byte[] file = TestPictures.file("rgb.png");
        file[indexOf(file, "IDAT") + 20] ^= 1;
        assertThatExceptionOfType(MalformedImageException.class)
                .isThrownBy(() -> DECODER.decode(file))
                .withMessageContaining("checksum of the chunk IDAT");
    }

    @Test
    void scansWithoutEndAreRefused() {
        byte[] file = TestPictures.file("progressive.jpg");
        int scan = indexOf(file, "\u00ff\u00da");
        ByteArrayOutputStream many = new ByteArrayOutputStream();
        many.write(file, 0, scan);
        for (int count = 0; count < 500; count++) {
            many.writeBytes(new byte[] {(byte) 0xFF, (byte) 0xDA, 0, 8, 1, 1, 0, 0, 0, 0});
        }
        many.write(file, scan, file.length - scan);
        assertThatExceptionOfType(ImageTooLargeException.class)
                .isThrownBy(() -> DECODER.decode(many.toByteArray()))
                .withMessageContaining("100 scans");
    }

    @Test
    void arithmeticCodingIsNamedAsWhatIsNotRead() {
        byte[] file = TestPictures.file("420.jpg");
        file[indexOf(file, "\u00ff\u00c0") + 1] = (byte) 0xC9;
        assertThatExceptionOfType(UnsupportedImageException.class)
                .isThrownBy(() -> DECODER.decode(file))
                .withMessageContaining("FF c9")
                .withMessageContaining("Huffman");
    }

    @Test
    void aFrameBeyondItsCanvasIsRefused() {
        byte[] file = changed("exif8.webp", 24, 4, 0, 0, 4, 0, 0);
        assertThatExceptionOfType(MalformedImageException.class)
                .isThrownBy(() -> DECODER.decode(file))
                .withMessageContaining("does not lie within the canvas of 5 x 5");
    }
}
