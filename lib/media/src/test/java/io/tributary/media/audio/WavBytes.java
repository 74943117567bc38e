package io.tributary.media.audio;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Builds WAV files, right and wrong ones. */
final class WavBytes {
    private final ByteArrayOutputStream chunks = new ByteArrayOutputStream();

    static byte[] of(int tag, int bits, int rate, int channels, byte[] data) {
        return new WavBytes()
                .format(tag, rate, channels, channels * bits / 8, bits)
                .chunk("data", data)
                .file();
    }

    WavBytes format(int tag, int rate, int channels, int frameBytes, int bits) {
        ByteBuffer format = little(16)
                .putShort((short) tag)
                .putShort((short) channels)
                .putInt(rate)
                .putInt(rate * frameBytes)
                .putShort((short) frameBytes)
                .putShort((short) bits);
        return chunk("fmt ", bytes(format));
    }

    WavBytes extensible(int tag, int rate, int channels, int bits) {
        ByteBuffer format = little(40)
                .putShort((short) 0xFFFE)
                .putShort((short) channels)
                .putInt(rate)
                .putInt(rate * channels * bits / 8)
                .putShort((short) (channels * bits / 8))
                .putShort((short) bits)
                .putShort((short) 22)
                .putShort((short) bits)
                .putInt(0)
                .putInt(tag)
                .putInt(0x0010_0000)
                .putInt(0xAA00_0080)
                .putInt(0x719B_3800);
        return chunk("fmt ", bytes(format));
    }

    WavBytes chunk(String name, byte[] content) {
        return chunk(name, content.length, content);
    }

    /** A chunk that says another length than it has. */
    WavBytes chunk(String name, int stated, byte[] content) {
        chunks.writeBytes(name.getBytes(StandardCharsets.ISO_8859_1));
        chunks.writeBytes(bytes(little(4).putInt(stated)));
        chunks.writeBytes(content);
        if (content.length % 2 == 1) {
            chunks.write(0);
        }
        return this;
    }

    byte[] file() {
        return file(4 + chunks.size());
    }

    byte[] file(int stated) {
        return bytes(little(12 + chunks.size())
                .put("RIFF".getBytes(StandardCharsets.ISO_8859_1))
                .putInt(stated)
                .put("WAVE".getBytes(StandardCharsets.ISO_8859_1))
                .put(chunks.toByteArray()));
    }

    static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** What has been put into a buffer. */
    static byte[] bytes(ByteBuffer buffer) {
        byte[] content = new byte[buffer.position()];
        buffer.get(0, content);
        return content;
    }
}
