package io.tributary.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A random weight matrix as a file holds it, with the floats that it stands for, decoded independently of the kernels.
 * The stored bytes begin at an odd address.
 */
final class StoredWeights {
    private static final int NO_SCALE = 128;

    private final WeightType type;
    private final MemorySegment stored;
    private final float[][] quants;
    private final float[][] scales;
    private final float[][] minimums;

    private StoredWeights(
            WeightType type, MemorySegment stored, float[][] quants, float[][] scales, float[][] minimums) {
        this.type = type;
        this.stored = stored;
        this.quants = quants;
        this.scales = scales;
        this.minimums = minimums;
    }

    static StoredWeights random(WeightType type, int outputs, int inputs, long seed, Arena arena) {
        SplittableRandom random = new SplittableRandom(seed);
        long bytes = outputs * type.rowBytes(inputs);
        MemorySegment stored = arena.allocate(bytes + 1, 64).asSlice(1, bytes);
        float[][] quants = new float[outputs][inputs];
        float[][] scales = new float[outputs][Math.ceilDiv(inputs, inputsOfScale(type))];
        float[][] minimums = new float[outputs][Math.ceilDiv(inputs, inputsOfScale(type))];
        for (int row = 0; row < outputs; row++) {
            MemorySegment target = stored.asSlice(row * type.rowBytes(inputs), type.rowBytes(inputs));
            switch (type) {
                case F32 -> fillFloats(random, target, quants[row]);
                case F16 -> fillHalves(random, target, quants[row]);
                case BF16 -> fillBrainFloats(random, target, quants[row]);
                case Q8_0 -> fillBytes(random, target, quants[row], scales[row]);
                case Q4_0 -> fillNibbles(random, target, quants[row], scales[row]);
                case Q4_1, Q5_0, Q5_1 ->
                    SmallQuants.fillBlocks(type, random, target, quants[row], scales[row], minimums[row]);
                case Q4_K, Q5_K -> SuperBlocks.fill(type, random, target, quants[row], scales[row], minimums[row]);
                case Q6_K -> SuperBlocks.fillSixBits(random, target, quants[row], scales[row]);
            }
            if (inputsOfScale(type) == NO_SCALE) {
                Arrays.fill(scales[row], 1f);
            }
        }
        return new StoredWeights(type, stored, quants, scales, minimums);
    }

    MemorySegment stored() {
        return stored;
    }

    /** The weights as numbers, rounded once where they are not exact. */
    float[][] weights() {
        float[][] weights = new float[outputs()][inputs()];
        for (int row = 0; row < weights.length; row++) {
            for (int k = 0; k < inputs(); k++) {
                int index = k / inputsOfScale(type);
                float scale = scales[row][index];
                weights[row][k] = center() == 0
                        ? scale * quants[row][k]
                        : Math.fma(quants[row][k] + center(), scale, minimum(row, index));
            }
        }
        return weights;
    }

    private float minimum(int row, int index) {
        return switch (type) {
            case Q4_0, Q5_0, Q6_K -> -center() * scales[row][index];
            default -> minimums[row][index];
        };
    }

    /** What was subtracted from the quants. */
    private float center() {
        return switch (type) {
            case Q4_0, Q4_1, Q4_K -> 8;
            case Q5_0, Q5_1, Q5_K -> 16;
            case Q6_K -> 32;
            default -> 0;
        };
    }

    int outputs() {
        return quants.length;
    }

    int inputs() {
        return quants[0].length;
    }

    PackedWeights pack(Arena arena, WorkPool pool) {
        return PackedWeights.pack(type, stored, outputs(), inputs(), arena, pool);
    }

    private static int inputsOfScale(WeightType type) {
        return switch (type) {
            case F32, F16, BF16 -> NO_SCALE;
            case Q6_K -> 16;
            default -> 32;
        };
    }

    private static void fillFloats(SplittableRandom random, MemorySegment target, float[] weights) {
        for (int k = 0; k < weights.length; k++) {
            weights[k] = (float) random.nextGaussian();
            target.set(FloatMatrix.FLOAT, (long) k * Float.BYTES, weights[k]);
        }
    }

    /** Any finite half, subnormal ones included, with a bias towards ordinary magnitudes. */
    private static void fillHalves(SplittableRandom random, MemorySegment target, float[] weights) {
        for (int k = 0; k < weights.length; k++) {
            short bits = Float.floatToFloat16((float) random.nextGaussian());
            if (random.nextInt(8) == 0) {
                bits = (short) (random.nextInt() & 0x83ff);
            }
            weights[k] = Float.float16ToFloat(bits);
            target.set(RowMajorWeights.SHORT, (long) k * Short.BYTES, bits);
        }
    }

    private static void fillBrainFloats(SplittableRandom random, MemorySegment target, float[] weights) {
        for (int k = 0; k < weights.length; k++) {
            int bits = Float.floatToRawIntBits((float) random.nextGaussian()) & 0xffff0000;
            weights[k] = Float.intBitsToFloat(bits);
            target.set(RowMajorWeights.SHORT, (long) k * Short.BYTES, (short) (bits >> 16));
        }
    }

    private static void fillBytes(SplittableRandom random, MemorySegment target, float[] quants, float[] scales) {
        for (int block = 0; block < quants.length / 32; block++) {
            short scale = Float.floatToFloat16((float) random.nextGaussian() * 0.01f);
            target.set(RowMajorWeights.SHORT, block * 34L, scale);
            scales[block] = Float.float16ToFloat(scale);
            for (int i = 0; i < 32; i++) {
                byte quant = (byte) random.nextInt();
                target.set(ValueLayout.JAVA_BYTE, block * 34L + 2 + i, quant);
                quants[block * 32 + i] = quant;
            }
        }
    }

    private static void fillNibbles(SplittableRandom random, MemorySegment target, float[] quants, float[] scales) {
        for (int block = 0; block < quants.length / 32; block++) {
            short scale = Float.floatToFloat16((float) random.nextGaussian() * 0.1f);
            target.set(RowMajorWeights.SHORT, block * 18L, scale);
            scales[block] = Float.float16ToFloat(scale);
            for (int i = 0; i < 16; i++) {
                int low = random.nextInt(16);
                int high = random.nextInt(16);
                target.set(ValueLayout.JAVA_BYTE, block * 18L + 2 + i, (byte) (high << 4 | low));
                quants[block * 32 + i] = low - 8;
                quants[block * 32 + 16 + i] = high - 8;
            }
        }
    }
}
