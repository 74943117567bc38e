package io.tributary.media.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** Builds PNG files chunk by chunk, right and wrong ones. */
final class PngBytes {
    private final ByteArrayOutputStream file = new ByteArrayOutputStream();

    PngBytes() {
        file.writeBytes("\u0089PNG\r\n\u001a\n".getBytes(StandardCharsets.ISO_8859_1));
    }

    PngBytes header(int width, int height, int depth, int colourType) {
        ByteBuffer content = ByteBuffer.allocate(13).putInt(width).putInt(height);
        return chunk("IHDR", content.put((byte) depth).put((byte) colourType).array());
    }

    /** Compresses rows that begin with the number of their filter. */
    PngBytes data(byte[] rows) {
        return chunk("IDAT", deflated(rows));
    }

    PngBytes chunk(String type, byte[] content) {
        byte[] name = type.getBytes(StandardCharsets.ISO_8859_1);
        CRC32 sum = new CRC32();
        sum.update(name);
        sum.update(content);
        file.writeBytes(ByteBuffer.allocate(4).putInt(content.length).array());
        file.writeBytes(name);
        file.writeBytes(content);
        file.writeBytes(ByteBuffer.allocate(4).putInt((int) sum.getValue()).array());
        return this;
    }

    byte[] end() {
        chunk("IEND", new byte[0]);
        return file.toByteArray();
    }

    static byte[] deflated(byte[] content) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (DeflaterOutputStream stream = new DeflaterOutputStream(packed, new Deflater(Deflater.BEST_COMPRESSION))) {
            stream.write(content);
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
        return packed.toByteArray();
    }
}
