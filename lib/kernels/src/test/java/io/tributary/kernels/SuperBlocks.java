package io.tributary.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/** Writes random blocks of Q4_K, Q5_K and Q6_K as GGUF files hold them. */
final class SuperBlocks {
    private static final int INPUTS = 256;

    private SuperBlocks() {}

    static void fill(
            WeightType type,
            SplittableRandom random,
            MemorySegment target,
            float[] quants,
            float[] scales,
            float[] minimums) {
        boolean fiveBits = type == WeightType.Q5_K;
        for (int block = 0; block < quants.length / INPUTS; block++) {
            MemorySegment stored = target.asSlice((long) block * type.blockBytes(), type.blockBytes());
            float scale = SmallQuants.putHalf(stored, 0, (float) random.nextGaussian() * 0.01f);
            float minimum = SmallQuants.putHalf(stored, 2, (float) random.nextGaussian() * 0.1f);
            int[] s = random.ints(8, 0, 64).toArray();
            int[] m = random.ints(8, 0, 64).toArray();
            for (int i = 0; i < 4; i++) {
                put(stored, 4 + i, s[i] | (s[4 + i] >> 4 << 6));
                put(stored, 8 + i, m[i] | (m[4 + i] >> 4 << 6));
                put(stored, 12 + i, (s[4 + i] & 15) | ((m[4 + i] & 15) << 4));
            }
            for (int sub = 0; sub < 8; sub++) {
                scales[block * 8 + sub] = scale * s[sub];
                minimums[block * 8 + sub] = -(minimum * m[sub]);
                for (int i = 0; i < 32; i++) {
                    int quant = random.nextInt(fiveBits ? 32 : 16);
                    quants[block * INPUTS + sub * 32 + i] = quant - (fiveBits ? 16 : 8);
                    or(stored, (fiveBits ? 48 : 16) + sub / 2 * 32 + i, (quant & 15) << (sub % 2 * 4));
                    if (fiveBits) {
                        or(stored, 16 + i, quant >> 4 << sub);
                    }
                }
            }
        }
    }

    static void fillSixBits(SplittableRandom random, MemorySegment target, float[] quants, float[] scales) {
        for (int block = 0; block < quants.length / INPUTS; block++) {
            MemorySegment stored = target.asSlice(block * 210L, 210);
            float scale = SmallQuants.putHalf(stored, 208, (float) random.nextGaussian() * 0.01f);
            for (int sub = 0; sub < 16; sub++) {
                int multiple = random.nextInt(-128, 128);
                put(stored, 192 + sub, multiple);
                scales[block * 16 + sub] = scale * multiple;
            }
            for (int k = 0; k < INPUTS; k++) {
                int quant = random.nextInt(64);
                quants[block * INPUTS + k] = quant - 32;
                // Quarter q of a half of 128: low nibbles in bytes 0 to 63, from the third quarter on as high nibbles.
                int quarter = k % 128 / 32;
                or(stored, k / 128 * 64 + quarter % 2 * 32 + k % 32, (quant & 15) << (quarter / 2 * 4));
                or(stored, 128 + k / 128 * 32 + k % 32, quant >> 4 << (quarter * 2));
            }
        }
    }

    private static void put(MemorySegment stored, long place, int value) {
        stored.set(ValueLayout.JAVA_BYTE, place, (byte) value);
    }

    private static void or(MemorySegment stored, long place, int bits) {
        put(stored, place, stored.get(ValueLayout.JAVA_BYTE, place) | bits);
    }
}
