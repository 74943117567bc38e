package io.tributary.media.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * WebP (RFC 9649): finds the bit stream of the picture, or of the first frame of an animation, and hands it on alone: alpha,
 * profiles and metadata are left out before a reader sees the file.
 */
final class WebpFile {
    private static final int RIFF_HEADER_BYTES = 12;
    private static final int CHUNK_HEADER_BYTES = 8;
    private static final int LOOK_AHEAD_BYTES = 16;

    private final byte[] file;
    private final ImageLimits limits;
    private final ByteCursor chunks;
    private Orientation orientation = Orientation.UPRIGHT;
    private int canvasWidth;
    private int canvasHeight;
    private @Nullable Frame frame;

    private WebpFile(byte[] file, ImageLimits limits) {
        this.file = file;
        this.limits = limits;
        ByteCursor riff = new ByteCursor(ImageFormat.WEBP, file, 4, file.length);
        long length = riff.u32LittleEndian("the RIFF header");
        this.chunks = riff.part(length, "its chunks");
        chunks.skip(RIFF_HEADER_BYTES - CHUNK_HEADER_BYTES, "the RIFF header");
    }

    static Picture decode(byte[] file, ImageLimits limits) {
        WebpFile webp = new WebpFile(file, limits);
        webp.readChunks();
        return webp.orientation.apply(webp.picture());
    }

    private Picture picture() {
        if (frame == null) {
            throw malformed("it has no chunk 'VP8 ' or 'VP8L', so no picture");
        }
        Picture decoded = Samples.picture(
                ImageFormat.WEBP, StrictReader.WEBP.samples(frame.file(file)), Picture.CHANNELS, Samples::rgb);
        if (decoded.width() != frame.width || decoded.height() != frame.height) {
            throw malformed("its reader gives " + decoded.width() + " x " + decoded.height()
                    + " pixels where the header" + " says " + frame.width + " x " + frame.height);
        }
        return frame.left == 0 && frame.top == 0 && frame.width == canvasWidth && frame.height == canvasHeight
                ? decoded
                : onCanvas(decoded, frame);
    }

    /** What a frame does not cover is transparent black. */
    private Picture onCanvas(Picture decoded, Frame at) {
        Picture canvas = Picture.black(canvasWidth, canvasHeight);
        for (int y = 0; y < decoded.height(); y++) {
            System.arraycopy(
                    decoded.rgb(),
                    decoded.offset(0, y),
                    canvas.rgb(),
                    canvas.offset(at.left, at.top + y),
                    decoded.width() * Picture.CHANNELS);
        }
        return canvas;
    }

    private void readChunks() {
        while (chunks.remaining() > 0) {
            readChunk(chunks, 0, 0);
        }
    }

    private void readChunk(ByteCursor within, int left, int top) {
        String type = within.fourCharacters("the type of a chunk");
        long length = within.u32LittleEndian("the length of a chunk");
        int start = within.position();
        ByteCursor content = within.part(length, "a chunk");
        if (length % 2 != 0 && within.remaining() > 0) {
            within.skip(1, "the padding of a chunk");
        }
        switch (type) {
            case "VP8X" -> readCanvas(content);
            case "ANMF" -> readFrame(content);
            case "VP8 ", "VP8L" -> takeBitStream(type, start, (int) length, content, left, top);
            case "EXIF" -> orientation = ExifOrientation.of(withoutPrefix(content.rest()));
            default -> {}
        }
    }

    /** Some programs put in front of Exif data what stands there in a JPEG file. */
    private static byte[] withoutPrefix(byte[] exif) {
        String start = new String(exif, 0, Math.min(6, exif.length), StandardCharsets.ISO_8859_1);
        return start.equals("Exif\0\0") ? Arrays.copyOfRange(exif, 6, exif.length) : exif;
    }

    private void readCanvas(ByteCursor content) {
        content.skip(4, "the canvas");
        canvasWidth = content.u24LittleEndian("the canvas") + 1;
        canvasHeight = content.u24LittleEndian("the canvas") + 1;
        limits.requireSize(ImageFormat.WEBP, canvasWidth, canvasHeight);
    }

    private void readFrame(ByteCursor content) {
        if (frame != null) {
            return;
        }
        int left = 2 * content.u24LittleEndian("a frame");
        int top = 2 * content.u24LittleEndian("a frame");
        content.skip(10, "a frame");
        while (content.remaining() > 0 && frame == null) {
            readChunk(content, left, top);
        }
    }

    private void takeBitStream(String type, int start, int length, ByteCursor content, int left, int top) {
        if (frame != null) {
            return;
        }
        frame = type.equals("VP8L")
                ? losslessFrame(content, start, length, left, top)
                : lossyFrame(content, start, length, left, top);
        limits.requireSize(ImageFormat.WEBP, frame.width, frame.height);
        if (canvasWidth == 0) {
            canvasWidth = frame.width;
            canvasHeight = frame.height;
        }
        if (left > canvasWidth - frame.width || top > canvasHeight - frame.height) {
            throw malformed("a frame of " + frame.width + " x " + frame.height + " pixels at (" + left + ", " + top
                    + ") does not lie within the canvas of " + canvasWidth + " x " + canvasHeight);
        }
    }

    private static Frame lossyFrame(ByteCursor content, int start, int length, int left, int top) {
        content.skip(3, "the header of its bit stream");
        if (content.u24LittleEndian("the header of its bit stream") != 0x2A019D) {
            throw malformed("the bit stream does not begin with the start code 9d 01 2a of a key frame");
        }
        int width = content.u16LittleEndian("the width") & 0x3FFF;
        int height = content.u16LittleEndian("the height") & 0x3FFF;
        return new Frame(start, length, left, top, width, height);
    }

    private static Frame losslessFrame(ByteCursor content, int start, int length, int left, int top) {
        if (content.u8("the header of its bit stream") != 0x2F) {
            throw malformed("the lossless bit stream does not begin with 2f");
        }
        long sizes = content.u32LittleEndian("the header of its bit stream");
        int width = (int) (sizes & 0x3FFF) + 1;
        int height = (int) ((sizes >> 14) & 0x3FFF) + 1;
        return new Frame(start, length, left, top, width, height);
    }

    private static MalformedImageException malformed(String fault) {
        return new MalformedImageException(ImageFormat.WEBP, fault);
    }

    /**
     * Where a bit stream is in the file and in the picture.
     *
     * @param start index in the file of the content of its chunk
     * @param length bytes of it
     */
    private record Frame(int start, int length, int left, int top, int width, int height) {
        /**
         * A file of this chunk alone, with some zeros behind it, as the reader of bits looks ahead: what is read behind these
         * is missing in the chunk.
         */
        byte[] file(byte[] whole) {
            int padded = CHUNK_HEADER_BYTES + length + length % 2;
            ByteBuffer alone = ByteBuffer.allocate(RIFF_HEADER_BYTES + padded + LOOK_AHEAD_BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN);
            alone.put(whole, 0, 4).putInt(4 + padded).put(whole, 8, 4);
            alone.put(whole, start - CHUNK_HEADER_BYTES, CHUNK_HEADER_BYTES + length);
            return alone.array();
        }
    }
}
