package io.tributary.checkpoints;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Puts GGUF files together byte by byte, right or wrong. */
final class GgufBytes {
    private final ByteBuffer bytes = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);

    /** A file that begins as it should. */
    static GgufBytes file(long tensors, long keys) {
        return new GgufBytes().int32(0x46554747).int32(3).int64(tensors).int64(keys);
    }

    GgufBytes int32(int value) {
        bytes.putInt(value);
        return this;
    }

    GgufBytes int64(long value) {
        bytes.putLong(value);
        return this;
    }

    GgufBytes zeros(int count) {
        bytes.put(new byte[count]);
        return this;
    }

    GgufBytes text(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        bytes.putLong(encoded.length).put(encoded);
        return this;
    }

    /** A line of the directory, extents innermost first as in the file. */
    GgufBytes tensor(String name, TensorType type, long offset, long... extents) {
        text(name).int32(extents.length);
        for (long extent : extents) {
            int64(extent);
        }
        return int32(type.ggmlId().orElseThrow()).int64(offset);
    }

    /** Fills up to the alignment and adds that many bytes of data. */
    GgufBytes data(int count) {
        return zeros(Math.floorMod(-bytes.position(), 32)).zeros(count);
    }

    byte[] array() {
        return Arrays.copyOf(bytes.array(), bytes.position());
    }
}
