package io.tributary.kernels;

import static io.tributary.kernels.NativeMemory.ALL;
import static io.tributary.kernels.RowMajorWeights.INT;
import static io.tributary.kernels.RowMajorWeights.SHORT;

import java.lang.foreign.ValueLayout;

/**
 * Reads the weights of the GGUF types of four to six bits: a weight is {@code fma(quant, scale, minimum)}, rounded once.
 *
 * <p>All methods take the address of a stored block of the type.
 */
final class StoredQuants {
    private static final int HALF = 16;

    private StoredQuants() {}

    /** The quant that stands for zero in a type without minimums. */
    static int center(WeightType type) {
        return switch (type) {
            case Q4_0 -> 8;
            case Q5_0 -> 16;
            case Q6_K -> 32;
            default -> throw new IllegalArgumentException(type + " has minimums, or no quants of 4 to 6 bits");
        };
    }

    /** Whether the weights of a type have minimums of their own. */
    static boolean haveMinimums(WeightType type) {
        return switch (type) {
            case Q4_1, Q5_1, Q4_K, Q5_K -> true;
            default -> false;
        };
    }

    /** Weights that share a scale. */
    static int inputsOfScale(WeightType type) {
        return type == WeightType.Q6_K ? 16 : 32;
    }

    /** Writes the quants that share a scale to {@code target} as ints; they begin at weight {@code first}. */
    static void read(WeightType type, long block, int first, long target) {
        int inputs = inputsOfScale(type);
        // A loop for each type: the choice inside of one would cost many times the reading.
        switch (type) {
            case Q4_0 -> {
                for (int k = 0; k < inputs; k++) {
                    set(target, k, nibble(block + 2, first + k));
                }
            }
            case Q4_1 -> {
                for (int k = 0; k < inputs; k++) {
                    set(target, k, nibble(block + 4, first + k));
                }
            }
            case Q5_0 -> {
                for (int k = 0; k < inputs; k++) {
                    set(target, k, fiveBits(block + 2, first + k));
                }
            }
            case Q5_1 -> {
                for (int k = 0; k < inputs; k++) {
                    set(target, k, fiveBits(block + 4, first + k));
                }
            }
            case Q4_K -> {
                for (int k = 0; k < inputs; k++) {
                    set(target, k, superNibble(block + 16, first + k));
                }
            }
            case Q5_K -> {
                for (int k = 0; k < inputs; k++) {
                    set(target, k, superFiveBits(block, first + k));
                }
            }
            case Q6_K -> {
                for (int k = 0; k < inputs; k++) {
                    set(target, k, sixBits(block, first + k));
                }
            }
            default -> throw notQuantised(type);
        }
    }

    /** A quant that has been read. */
    static int get(long quants, int k) {
        return ALL.get(INT, quants + (long) k * Integer.BYTES);
    }

    private static void set(long quants, int k, int quant) {
        ALL.set(INT, quants + (long) k * Integer.BYTES, quant);
    }

    /** A scale of a block, exact. */
    static float scale(WeightType type, long block, int index) {
        return switch (type) {
            case Q4_0, Q4_1, Q5_0, Q5_1 -> half(block);
            case Q4_K, Q5_K -> half(block) * sixBitScale(block, index);
            case Q6_K -> half(block + 208) * sixBitScaleOfQ6(block, index);
            default -> throw notQuantised(type);
        };
    }

    /** The minimum of the weights with a scale of a block, exact. */
    static float minimum(WeightType type, long block, int index) {
        return switch (type) {
            case Q4_0, Q5_0, Q6_K -> -center(type) * scale(type, block, index);
            case Q4_1, Q5_1 -> half(block + 2);
            case Q4_K, Q5_K -> -(half(block + 2) * sixBitMinimum(block, index));
            default -> throw notQuantised(type);
        };
    }

    /** The multiple of a Q4_K or Q5_K block's scale that a sub-block has, 0 to 63. */
    static int sixBitScale(long block, int index) {
        long bytes = block + 4;
        return index < 4
                ? unsigned(bytes + index) & 63
                : (unsigned(bytes + index + 4) & 15) | (unsigned(bytes + index - 4) >> 6 << 4);
    }

    /** The multiple of a Q4_K or Q5_K block's minimum that a sub-block has, 0 to 63. */
    static int sixBitMinimum(long block, int index) {
        long bytes = block + 4;
        return index < 4
                ? unsigned(bytes + index + 4) & 63
                : (unsigned(bytes + index + 4) >> 4) | (unsigned(bytes + index) >> 6 << 4);
    }

    /** The multiple of a Q6_K block's scale that a sub-block has, -128 to 127. */
    static int sixBitScaleOfQ6(long block, int index) {
        return ALL.get(ValueLayout.JAVA_BYTE, block + 192 + index);
    }

    /** The low nibbles of 16 bytes are the first half of a block of 32. */
    private static int nibble(long bytes, int k) {
        return k < HALF ? unsigned(bytes + k) & 15 : unsigned(bytes + k - HALF) >> 4;
    }

    /** 32 high bits, then nibbles. */
    private static int fiveBits(long bits, int k) {
        return nibble(bits + Integer.BYTES, k) | (((ALL.get(INT, bits) >>> k) & 1) << 4);
    }

    /** Bit i of the byte of high bits k modulo 32 is that of weight 32 i + k modulo 32. */
    private static int superFiveBits(long block, int k) {
        return superNibble(block + 48, k) | (((unsigned(block + 16 + k % 32) >> (k / 32)) & 1) << 4);
    }

    /** The low nibbles of 32 bytes are 32 weights, the high ones the next 32. */
    private static int superNibble(long bytes, int k) {
        return (unsigned(bytes + k / 64 * 32L + k % 32) >> (4 * (k / 32 % 2))) & 15;
    }

    /** 128 weights take 64 bytes of low nibbles and 32 bytes of pairs of high bits. */
    private static int sixBits(long block, int k) {
        int inHalf = k % 128;
        int low = (unsigned(block + k / 128 * 64L + inHalf % 64) >> (4 * (inHalf / 64))) & 15;
        int high = (unsigned(block + 128 + k / 128 * 32L + inHalf % 32) >> (2 * (inHalf / 32))) & 3;
        return low | (high << 4);
    }

    private static int unsigned(long address) {
        return Byte.toUnsignedInt(ALL.get(ValueLayout.JAVA_BYTE, address));
    }

    private static float half(long address) {
        return Float.float16ToFloat(ALL.get(SHORT, address));
    }

    private static IllegalArgumentException notQuantised(WeightType type) {
        return new IllegalArgumentException(type + " has no quants of 4 to 6 bits");
    }
}
