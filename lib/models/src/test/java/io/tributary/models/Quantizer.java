package io.tributary.models;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Quantises floats to GGUF blocks of 32 for tests; rounding as ggml's reference does, signs aside. */
enum Quantizer implements BlockQuantizer {
    Q8_0(34) {
        @Override
        float scale(float[] values, int start) {
            return largest(values, start) / 127;
        }

        @Override
        void write(MemorySegment block, int[] quants) {
            for (int index = 0; index < BLOCK; index++) {
                block.set(ValueLayout.JAVA_BYTE, 2 + index, (byte) quants[index]);
            }
        }

        @Override
        int quant(float value, float scale) {
            return Math.clamp(Math.round(value / scale), -127, 127);
        }
    },
    Q4_0(18) {
        @Override
        float scale(float[] values, int start) {
            return largest(values, start) / 7;
        }

        @Override
        void write(MemorySegment block, int[] quants) {
            for (int index = 0; index < BLOCK / 2; index++) {
                int both = (quants[index] + 8) | ((quants[index + BLOCK / 2] + 8) << 4);
                block.set(ValueLayout.JAVA_BYTE, 2 + index, (byte) both);
            }
        }

        @Override
        int quant(float value, float scale) {
            return Math.clamp(Math.round(value / scale), -8, 7);
        }
    };

    private static final int BLOCK = 32;
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final int blockBytes;

    Quantizer(int blockBytes) {
        this.blockBytes = blockBytes;
    }

    @Override
    public MemorySegment quantize(float[] values) {
        MemorySegment data = Arena.ofAuto().allocate((long) values.length / BLOCK * blockBytes);
        for (int start = 0; start < values.length; start += BLOCK) {
            MemorySegment block = data.asSlice((long) start / BLOCK * blockBytes, blockBytes);
            block.set(SHORT, 0, Float.floatToFloat16(scale(values, start)));
            write(block, quants(values, start));
        }
        return data;
    }

    @Override
    public float[] restore(float[] values) {
        float[] restored = new float[values.length];
        for (int start = 0; start < values.length; start += BLOCK) {
            float scale = Float.float16ToFloat(Float.floatToFloat16(scale(values, start)));
            int[] quants = quants(values, start);
            for (int index = 0; index < BLOCK; index++) {
                restored[start + index] = scale * quants[index];
            }
        }
        return restored;
    }

    private int[] quants(float[] values, int start) {
        float scale = Float.float16ToFloat(Float.floatToFloat16(scale(values, start)));
        int[] quants = new int[BLOCK];
        for (int index = 0; index < BLOCK; index++) {
            quants[index] = quant(values[start + index], scale);
        }
        return quants;
    }

    private static float largest(float[] values, int start) {
        float largest = 0;
        for (int index = 0; index < BLOCK; index++) {
            largest = Math.max(largest, Math.abs(values[start + index]));
        }
        return largest;
    }

    abstract float scale(float[] values, int start);

    abstract int quant(float value, float scale);

    abstract void write(MemorySegment block, int[] quants);
}
