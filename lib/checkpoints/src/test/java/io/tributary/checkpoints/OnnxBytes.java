package io.tributary.checkpoints;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A protobuf message, field by field. */
final class OnnxBytes {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** A model of one graph. */
    static byte[] model(OnnxBytes graph) {
        return new OnnxBytes()
                .integer(1, 8)
                .text(2, "pytorch")
                .message(7, graph)
                .toArray();
    }

    /** A float32 initialiser. */
    static OnnxBytes floats(String name, long[] shape, float... values) {
        return tensor(name, OnnxTensor.FLOAT, shape).raw(9, raw(values));
    }

    /** A tensor without data. */
    static OnnxBytes tensor(String name, int type, long... shape) {
        OnnxBytes tensor = new OnnxBytes();
        for (long extent : shape) {
            tensor.integer(1, extent);
        }
        return tensor.integer(2, type).text(8, name);
    }

    /** An operation with one output. */
    static OnnxBytes node(String operator, String name, String output, String... inputs) {
        OnnxBytes node = new OnnxBytes();
        for (String input : inputs) {
            node.text(1, input);
        }
        return node.text(2, output).text(3, name).text(4, operator);
    }

    /** A constant with that value. */
    static OnnxBytes constant(String output, OnnxBytes value) {
        OnnxBytes attribute = new OnnxBytes().text(1, "value").message(5, value);
        return node("Constant", "/" + output, output).message(5, attribute);
    }

    static byte[] raw(float... values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            buffer.putFloat(value);
        }
        return buffer.array();
    }

    static byte[] raw(long value) {
        return ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
    }

    OnnxBytes integer(int field, long value) {
        varint((long) field << 3);
        varint(value);
        return this;
    }

    OnnxBytes text(int field, String value) {
        return raw(field, value.getBytes(StandardCharsets.UTF_8));
    }

    OnnxBytes message(int field, OnnxBytes message) {
        return raw(field, message.toArray());
    }

    OnnxBytes raw(int field, byte[] content) {
        varint(((long) field << 3) | 2);
        varint(content.length);
        bytes.writeBytes(content);
        return this;
    }

    byte[] toArray() {
        return bytes.toByteArray();
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes.write((int) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        bytes.write((int) rest);
    }
}
