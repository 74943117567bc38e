package io.tributary.media.image;

import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * JPEG (ITU-T T.81): checks the segments and hands on those that make pixels. Application data (profiles, thumbnails) and
 * comments are left out before a reader sees the file; what they say of colours and of the orientation is read here. What
 * the components mean is guessed as libjpeg guesses it.
 */
final class JpegFile {
    /** Each scan of a progressive file costs a pass over all pixels, however short it is; usual files have about ten. */
    private static final int MAXIMAL_SCANS = 100;

    private static final int PREFIX = 0xFF;
    private static final int END_OF_IMAGE = 0xD9;
    private static final int START_OF_SCAN = 0xDA;
    private static final int SEGMENT_LENGTH_BYTES = 2;

    private final byte[] file;
    private final ImageLimits limits;
    private final ByteCursor cursor;
    private final ByteArrayOutputStream kept;
    private final JpegApplicationData application = new JpegApplicationData();
    private int scans;
    private int @Nullable [] components;

    private JpegFile(byte[] file, ImageLimits limits) {
        this.file = file;
        this.limits = limits;
        this.cursor = new ByteCursor(ImageFormat.JPEG, file, 2, file.length);
        this.kept = new ByteArrayOutputStream(file.length);
        kept.write(file, 0, 2);
    }

    static Picture decode(byte[] file, ImageLimits limits) {
        JpegFile jpeg = new JpegFile(file, limits);
        int[] components = jpeg.readSegments();
        JpegColour colour = jpeg.application.colour(components);
        Picture picture = Samples.picture(
                ImageFormat.JPEG, StrictReader.JPEG.samples(jpeg.kept.toByteArray()), components.length, colour);
        return jpeg.application.orientation().apply(picture);
    }

    /** Returns the numbers of the components of the frame. */
    private int[] readSegments() {
        int marker = nextMarker();
        while (marker != END_OF_IMAGE) {
            readSegment(marker);
            marker = nextMarker();
        }
        kept.write(PREFIX);
        kept.write(END_OF_IMAGE);
        if (components == null || scans == 0) {
            throw malformed("it ends before there is a frame and a scan");
        }
        return components;
    }

    private int nextMarker() {
        int prefix = cursor.u8("a marker");
        while (prefix != PREFIX) {
            prefix = cursor.u8("a marker");
        }
        int marker = PREFIX;
        while (marker == PREFIX) {
            marker = cursor.u8("a marker");
        }
        return marker;
    }

    private void readSegment(int marker) {
        if (marker == 0 || marker == 0x01 || isRestart(marker)) {
            return;
        }
        int length = cursor.u16BigEndian("the length of a segment");
        if (length < SEGMENT_LENGTH_BYTES) {
            throw malformed("the segment at byte " + cursor.position() + " says it has " + length + " bytes; 2 are the"
                    + " least");
        }
        int start = cursor.position() - SEGMENT_LENGTH_BYTES;
        ByteCursor content = cursor.part(length - SEGMENT_LENGTH_BYTES, "a segment");
        if (marker >= 0xE0 && marker <= 0xEF) {
            application.read(marker, content);
        } else if (marker != 0xFE) {
            keep(marker, start, length, content);
        }
    }

    private void keep(int marker, int start, int length, ByteCursor content) {
        switch (marker) {
            case 0xC0, 0xC1, 0xC2 -> readFrame(content);
            case 0xC4, 0xDB, 0xDD, START_OF_SCAN -> {}
            default ->
                throw new UnsupportedImageException("the JPEG picture has the marker FF "
                        + Integer.toHexString(marker)
                        + "; baseline, extended and progressive files with Huffman codes are"
                        + " read");
        }
        kept.write(PREFIX);
        kept.write(marker);
        kept.write(file, start, length);
        if (marker == START_OF_SCAN) {
            keepScan();
        }
    }

    private void readFrame(ByteCursor frame) {
        if (components != null) {
            throw malformed("it has two frames; one is right");
        }
        int precision = frame.u8("the frame");
        long height = frame.u16BigEndian("the frame");
        limits.requireSize(ImageFormat.JPEG, frame.u16BigEndian("the frame"), height);
        int count = frame.u8("the frame");
        if (precision != 8 || (count != 1 && count != 3 && count != 4)) {
            throw new UnsupportedImageException("the JPEG picture has " + count + " components of " + precision
                    + " bits; 1, 3 or 4 components of 8 bits are read");
        }
        components = new int[count];
        for (int index = 0; index < count; index++) {
            components[index] = frame.u8("a component");
            frame.skip(2, "a component");
        }
    }

    /** The coded data that follow a scan's header end with a marker that is neither a stuffed byte nor a restart. */
    private void keepScan() {
        if (++scans > MAXIMAL_SCANS) {
            throw new ImageTooLargeException("the JPEG picture has more than " + MAXIMAL_SCANS
                    + " scans, which is more than any program writes");
        }
        int start = cursor.position();
        int at = start;
        while (at + 1 < file.length && !endsScan(at)) {
            at++;
        }
        if (at + 1 >= file.length) {
            throw malformed("it ends within its coded data at byte " + file.length
                    + " without the marker of its end; is" + " it truncated?");
        }
        cursor.skip(at - start, "a scan");
        kept.write(file, start, at - start);
    }

    private boolean endsScan(int at) {
        int marker = Byte.toUnsignedInt(file[at + 1]);
        return Byte.toUnsignedInt(file[at]) == PREFIX && marker != 0 && marker != PREFIX && !isRestart(marker);
    }

    private static boolean isRestart(int marker) {
        return marker >= 0xD0 && marker <= 0xD7;
    }

    private static MalformedImageException malformed(String fault) {
        return new MalformedImageException(ImageFormat.JPEG, fault);
    }
}
