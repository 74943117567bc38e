package io.tributary.media.image;

import java.io.ByteArrayOutputStream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * PNG (ISO/IEC 15948): checks the chunks and hands on those that make pixels, IHDR, PLTE, IDAT and IEND. So transparency,
 * profiles, compressed texts and the further frames of an animated PNG are left out before a reader sees the file.
 */
final class PngFile {
    private static final int SIGNATURE_BYTES = 8;
    private static final int HEADER_BYTES = 13;
    private static final int CHUNK_OVERHEAD = 12;
    private static final int TYPE_BYTES = 4;

    private final byte[] file;
    private final ImageLimits limits;
    private final ByteArrayOutputStream kept;
    private int depth;
    private int colourType;
    private boolean ended;
    private @Nullable Palette palette;
    private Orientation orientation = Orientation.UPRIGHT;

    private PngFile(byte[] file, ImageLimits limits) {
        this.file = file;
        this.limits = limits;
        this.kept = new ByteArrayOutputStream(file.length);
    }

    static Picture decode(byte[] file, ImageLimits limits) {
        PngFile png = new PngFile(file, limits);
        png.readChunks();
        Picture picture = Samples.picture(
                ImageFormat.PNG, StrictReader.PNG.samples(png.kept.toByteArray()), png.bands(), png.colour());
        return png.orientation.apply(picture);
    }

    private void readChunks() {
        ByteCursor cursor = new ByteCursor(ImageFormat.PNG, file, SIGNATURE_BYTES, file.length);
        kept.write(file, 0, SIGNATURE_BYTES);
        boolean first = true;
        while (!ended) {
            int start = cursor.position();
            long length = cursor.u32BigEndian("the length of a chunk");
            String type = cursor.fourCharacters("the type of a chunk");
            if (first != type.equals("IHDR")) {
                throw malformed("the chunk at byte " + start + " is " + printable(type)
                        + "; IHDR must be the first chunk and occur once");
            }
            first = false;
            int content = cursor.skip(length, "the chunk " + printable(type));
            long sum = cursor.u32BigEndian("the checksum of the chunk " + printable(type));
            take(type, start, content, (int) length, sum);
        }
    }

    private void take(String type, int start, int content, int length, long sum) {
        switch (type) {
            case "IHDR" -> readHeader(content, length);
            case "PLTE" -> palette = new Palette(file, content, length - length % Picture.CHANNELS);
            case "IDAT" -> {}
            case "IEND" -> ended = true;
            case "eXIf" -> {
                orientation =
                        ExifOrientation.of(new ByteCursor(ImageFormat.PNG, file, content, content + length).rest());
                return;
            }
            default -> {
                return;
            }
        }
        requireSum(type, start, length, sum);
        kept.write(file, start, length + CHUNK_OVERHEAD);
    }

    private void readHeader(int content, int length) {
        if (length != HEADER_BYTES) {
            throw malformed("the chunk IHDR has " + length + " bytes; it must have " + HEADER_BYTES);
        }
        ByteCursor header = new ByteCursor(ImageFormat.PNG, file, content, content + length);
        long width = header.u32BigEndian("the width");
        limits.requireSize(ImageFormat.PNG, width, header.u32BigEndian("the height"));
        depth = header.u8("the bit depth");
        colourType = header.u8("the colour type");
    }

    private void requireSum(String type, int start, int length, long sum) {
        CRC32 actual = new CRC32();
        actual.update(file, start + Integer.BYTES, TYPE_BYTES + length);
        if (actual.getValue() != sum) {
            throw malformed("the checksum of the chunk " + type + " at byte " + start + " does not fit its content");
        }
    }

    private int bands() {
        return colourType == 2 || colourType == 6 ? Picture.CHANNELS : 1;
    }

    private Samples.Colour colour() {
        int drop = depth == 16 ? 8 : 0;
        return switch (colourType) {
            case 0 -> greyOf(depth);
            case 2, 6 ->
                (samples, at, rgb, offset) -> {
                    rgb[offset] = (byte) (samples[at] >> drop);
                    rgb[offset + 1] = (byte) (samples[at + 1] >> drop);
                    rgb[offset + 2] = (byte) (samples[at + 2] >> drop);
                };
            case 3 -> requirePalette();
            default -> greyOf(Math.max(depth, 8));
        };
    }

    /** Fewer than 8 bits are stretched to the whole range, of 16 the upper 8 are kept. */
    private static Samples.Colour greyOf(int depth) {
        int drop = depth == 16 ? 8 : 0;
        int stretch = depth < 8 ? 255 / ((1 << depth) - 1) : 1;
        return (samples, at, rgb, offset) -> Samples.fill((byte) ((samples[at] * stretch) >> drop), rgb, offset);
    }

    private Samples.Colour requirePalette() {
        if (palette == null) {
            throw malformed("its pixels are numbers of colours, but there is no chunk PLTE");
        }
        return palette;
    }

    private static String printable(String type) {
        return type.replaceAll("[^A-Za-z]", "?");
    }

    private static MalformedImageException malformed(String fault) {
        return new MalformedImageException(ImageFormat.PNG, fault);
    }
}
