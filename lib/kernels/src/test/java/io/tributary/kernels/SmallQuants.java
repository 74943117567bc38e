package io.tributary.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/** Writes random blocks of Q4_1, Q5_0 and Q5_1 as GGUF files hold them. */
final class SmallQuants {
    private SmallQuants() {}

    static void fillBlocks(
            WeightType type,
            SplittableRandom random,
            MemorySegment target,
            float[] quants,
            float[] scales,
            float[] minimums) {
        boolean fiveBits = type != WeightType.Q4_1;
        boolean hasMinimum = type != WeightType.Q5_0;
        for (int block = 0; block < quants.length / 32; block++) {
            long start = (long) block * type.blockBytes();
            scales[block] = putHalf(target, start, (float) random.nextGaussian() * 0.1f);
            start += 2;
            if (hasMinimum) {
                minimums[block] = putHalf(target, start, (float) random.nextGaussian());
                start += 2;
            }
            int high = fiveBits ? random.nextInt() : 0;
            if (fiveBits) {
                target.set(RowMajorWeights.INT, start, high);
                start += 4;
            }
            for (int i = 0; i < 16; i++) {
                int low = random.nextInt(256);
                target.set(ValueLayout.JAVA_BYTE, start + i, (byte) low);
                int center = fiveBits ? 16 : 8;
                quants[block * 32 + i] = low % 16 + 16 * ((high >>> i) & 1) - center;
                quants[block * 32 + 16 + i] = low / 16 + 16 * ((high >>> (16 + i)) & 1) - center;
            }
        }
    }

    /** Writes a half and returns what it stands for. */
    static float putHalf(MemorySegment target, long offset, float value) {
        short half = Float.floatToFloat16(value);
        target.set(RowMajorWeights.SHORT, offset, half);
        return Float.float16ToFloat(half);
    }
}
