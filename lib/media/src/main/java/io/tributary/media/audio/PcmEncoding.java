package io.tributary.media.audio;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** How one sample is written, little endian. */
public enum PcmEncoding {
    /** 8 bits, 128 is silence. */
    UNSIGNED_8(1),
    /** 16 bits, two's complement. */
    SIGNED_16(2),
    /** 24 bits in three bytes, two's complement. */
    SIGNED_24(3),
    /** 32 bits, two's complement. */
    SIGNED_32(4),
    /** IEEE 754 single precision. */
    FLOAT_32(4),
    /** IEEE 754 double precision. */
    FLOAT_64(8);

    private static final VarHandle SHORTS = littleEndian(short[].class);
    private static final VarHandle INTS = littleEndian(int[].class);
    private static final VarHandle FLOATS = littleEndian(float[].class);
    private static final VarHandle DOUBLES = littleEndian(double[].class);

    private final int bytes;

    PcmEncoding(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one sample. */
    public int bytes() {
        return bytes;
    }

    /** The sample at an offset: whole numbers divided by their full scale, floats as they are. */
    float sample(byte[] data, int offset) {
        return switch (this) {
            case UNSIGNED_8 -> ((data[offset] & 0xFF) - 0x80) * 0x1p-7f;
            case SIGNED_16 -> (short) SHORTS.get(data, offset) * 0x1p-15f;
            case SIGNED_24 ->
                ((data[offset + 2] << 16) | ((data[offset + 1] & 0xFF) << 8) | (data[offset] & 0xFF)) * 0x1p-23f;
            case SIGNED_32 -> belowOne((int) INTS.get(data, offset) * 0x1p-31f);
            case FLOAT_32 -> (float) FLOATS.get(data, offset);
            case FLOAT_64 -> (float) (double) DOUBLES.get(data, offset);
        };
    }

    /** Rounding to 24 bits takes the largest whole numbers to full scale, which is not part of the range. */
    static float belowOne(float sample) {
        return Math.min(sample, Math.nextDown(1f));
    }

    private static VarHandle littleEndian(Class<?> array) {
        return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.LITTLE_ENDIAN);
    }
}
