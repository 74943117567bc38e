package io.tributary.models;

import io.tributary.checkpoints.TensorType;
import io.tributary.kernels.WeightRows;
import io.tributary.kernels.WeightType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;

/**
 * Random blocks in place of values, for types that tests have no rounding of: the same values always become the same block,
 * and the scales keep the weights near those of an initialised model.
 */
record RandomQuants(TensorType type) implements BlockQuantizer {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    @Override
    public MemorySegment quantize(float[] values) {
        int elements = type.blockElements();
        MemorySegment data = Arena.ofAuto().allocate((long) values.length / elements * type.blockBytes());
        for (int start = 0; start < values.length; start += elements) {
            byte[] bytes = new byte[type.blockBytes()];
            new Random(Arrays.hashCode(Arrays.copyOfRange(values, start, start + elements))).nextBytes(bytes);
            MemorySegment block = MemorySegment.ofArray(bytes);
            writeScales(block);
            MemorySegment.copy(block, 0, data, (long) start / elements * bytes.length, bytes.length);
        }
        return data;
    }

    @Override
    public float[] restore(float[] values) {
        MemorySegment floats = Arena.ofAuto().allocate((long) values.length * Float.BYTES);
        WeightRows.dequantize(WeightType.valueOf(type.name()), quantize(values), 0, values.length, floats);
        return floats.toArray(ValueLayout.JAVA_FLOAT);
    }

    private void writeScales(MemorySegment block) {
        switch (type) {
            case Q4_1 -> writeScales(block, 0.01f, -0.075f);
            case Q5_1 -> writeScales(block, 0.005f, -0.0775f);
            case Q4_K -> writeScales(block, 0.0003f, 0.0023f);
            case Q5_K -> writeScales(block, 0.00015f, 0.0023f);
            case Q5_0 -> block.set(SHORT, 0, Float.floatToFloat16(0.005f));
            case Q6_K -> block.set(SHORT, 208, Float.floatToFloat16(5e-5f));
            default -> throw new IllegalArgumentException(type + " has rounding of its own, see Quantizer");
        }
    }

    private static void writeScales(MemorySegment block, float scale, float minimum) {
        block.set(SHORT, 0, Float.floatToFloat16(scale));
        block.set(SHORT, 2, Float.floatToFloat16(minimum));
    }
}
