package io.tributary.media.image;

import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;

/**
 * GIF (GIF89a specification): finds the first frame and hands it on alone, without comments and other extensions. A frame
 * may cover a part of the screen; the rest is of the transparent colour, or of number 0 without one, as in Pillow.
 */
final class GifFile {
    private static final int SIGNATURE_BYTES = 6;
    private static final int IMAGE = 0x2C;
    private static final int EXTENSION = 0x21;
    private static final int GRAPHIC_CONTROL = 0xF9;
    private static final int TRAILER = 0x3B;

    private final byte[] file;
    private final ImageLimits limits;
    private final ByteCursor cursor;
    private final ByteArrayOutputStream kept;
    private Palette palette = Palette.greys();
    private int background;

    private GifFile(byte[] file, ImageLimits limits) {
        this.file = file;
        this.limits = limits;
        this.cursor = new ByteCursor(ImageFormat.GIF, file, SIGNATURE_BYTES, file.length);
        this.kept = new ByteArrayOutputStream(file.length);
    }

    static Picture decode(byte[] file, ImageLimits limits) {
        return new GifFile(file, limits).decode();
    }

    private Picture decode() {
        int screenWidth = cursor.u16LittleEndian("the screen");
        int screenHeight = cursor.u16LittleEndian("the screen");
        int flags = cursor.u8("the screen");
        cursor.skip(2, "the screen");
        readPalette(flags);
        kept.write(file, 0, cursor.position());
        skipToFrame();

        int start = cursor.position() - 1;
        int left = cursor.u16LittleEndian("a frame");
        int top = cursor.u16LittleEndian("a frame");
        int width = cursor.u16LittleEndian("a frame");
        int height = cursor.u16LittleEndian("a frame");
        limits.requireSize(ImageFormat.GIF, width, height);
        int canvasWidth = Math.max(screenWidth, left + width);
        int canvasHeight = Math.max(screenHeight, top + height);
        limits.requireSize(ImageFormat.GIF, canvasWidth, canvasHeight);
        readPalette(cursor.u8("a frame"));
        keepFrame(start);

        Raster frame = StrictReader.GIF.samplesOfAllRows(kept.toByteArray(), height);
        return compose(frame, left, top, Picture.black(canvasWidth, canvasHeight));
    }

    private Picture compose(Raster frame, int left, int top, Picture canvas) {
        if (frame.getWidth() < canvas.width() || frame.getHeight() < canvas.height()) {
            int[] number = {background};
            for (int offset = 0; offset < canvas.rgb().length; offset += Picture.CHANNELS) {
                palette.write(number, 0, canvas.rgb(), offset);
            }
        }
        Samples.write(ImageFormat.GIF, frame, 1, palette, canvas, left, top);
        return canvas;
    }

    private void readPalette(int flags) {
        if ((flags & 0x80) != 0) {
            int length = Picture.CHANNELS << ((flags & 7) + 1);
            palette = new Palette(file, cursor.skip(length, "a palette"), length);
        }
    }

    private void skipToFrame() {
        int block = cursor.u8("a block");
        while (block != IMAGE) {
            switch (block) {
                case EXTENSION -> skipExtension();
                case TRAILER ->
                    throw new MalformedImageException(
                            ImageFormat.GIF, "it ends without a frame; at least one is needed");
                default ->
                    throw new MalformedImageException(
                            ImageFormat.GIF,
                            "a block begins with " + block + " at byte " + (cursor.position() - 1)
                                    + "; 33 (extension), 44 (frame) or 59 (end) are right");
            }
            block = cursor.u8("a block");
        }
    }

    private void skipExtension() {
        int label = cursor.u8("an extension");
        int content = cursor.position();
        skipSubBlocks();
        if (label == GRAPHIC_CONTROL && file[content] == 4 && (file[content + 1] & 1) != 0) {
            background = Byte.toUnsignedInt(file[content + 4]);
        }
    }

    private void skipSubBlocks() {
        int length = cursor.u8("a block of data");
        while (length != 0) {
            cursor.skip(length, "a block of data");
            length = cursor.u8("a block of data");
        }
    }

    private void keepFrame(int start) {
        cursor.u8("the size of codes");
        skipSubBlocks();
        kept.write(file, start, cursor.position() - start);
        kept.write(TRAILER);
    }
}
