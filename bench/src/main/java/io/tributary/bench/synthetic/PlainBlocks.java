package io.tributary.bench.synthetic;

import io.tributary.checkpoints.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.SplittableRandom;

/**
 * Floating-point weights, uniform around zero.
 *
 * @param type F32, F16 or BF16
 */
record PlainBlocks(TensorType type) implements RandomBlocks {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    @Override
    public void fill(MemorySegment target, SplittableRandom random, double deviation) {
        // The variance of a uniform variable is its range squared over 12.
        float range = (float) (Math.sqrt(12) * deviation);
        for (long position = 0; position < target.byteSize(); position += type.blockBytes()) {
            float value = ((random.nextInt() >>> 8) * 0x1p-24f - 0.5f) * range;
            int bits = Float.floatToRawIntBits(value);
            switch (type) {
                case F32 -> target.set(INT, position, bits);
                case F16 -> target.set(SHORT, position, Float.floatToFloat16(value));
                case BF16 -> target.set(SHORT, position, (short) (bits >>> Short.SIZE));
                default -> throw new IllegalStateException(type + " is not one of F32, F16, BF16");
            }
        }
    }
}
