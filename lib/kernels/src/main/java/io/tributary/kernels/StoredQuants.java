package io.tributary.kernels;

import static io.tributary.kernels.NativeMemory.ALL;
import static io.tributary.kernels.RowMajorWeights.INT;
import static io.tributary.kernels.RowMajorWeights.SHORT;

import java.lang.foreign.ValueLayout;

/**
 * Reads the weights of the GGUF types of four to six bits. Quants are centred around 0, which makes them two's complements: a
 * weight is {@code scale * (quant + center) + minimum} if the type has minimums, else {@code scale * quant}.
 *
 * <p>All methods take the address of a stored block of the type.
 */
final class StoredQuants {
    private static final int HALF = 16;

    private StoredQuants() {}

    /** What was subtracted from the stored quants. */
    static int center(WeightType type) {
        return switch (type) {
            case Q4_0, Q4_1, Q4_K -> 8;
            case Q5_0, Q5_1, Q5_K -> 16;
            case Q6_K -> 32;
            default -> throw notQuantised(type);
        };
    }

    /** Whether the weights of a type have minimums, and its quants are not signed in the file. */
    static boolean haveMinimums(WeightType type) {
        return switch (type) {
            case Q4_1, Q5_1, Q4_K, Q5_K -> true;
            default -> false;
        };
    }

    /** Weights that share a scale. */
    static int chainInputs(WeightType type) {
        return type == WeightType.Q6_K ? 16 : 32;
    }

    /** Writes the quants of a chain, minus the center, to {@code target} as ints; the chain begins at weight {@code first}. */
    static void read(WeightType type, long block, int first, long target) {
        int inputs = chainInputs(type);
        // A loop for each type: the choice inside of one would cost many times the reading.
        switch (type) {
            case Q4_0 -> {
                for (int k = 0; k < inputs; k++) {
                    set(target, k, nibble(block + 2, first + k) - 8);
                }
            }
            case Q4_1 -> {
                for (int k = 0; k < inputs; k++) {
                    set(target, k, nibble(block + 4, first + k) - 8);
                }
            }
            case Q5_0 -> {
                for (int k = 0; k < inputs; k++) {
                    set(target, k, fiveBits(block + 2, first + k) - 16);
                }
            }
            case Q5_1 -> {
                for (int k = 0; k < inputs; k++) {
                    set(target, k, fiveBits(block + 4, first + k) - 16);
                }
            }
            case Q4_K -> {
                for (int k = 0; k < inputs; k++) {
                    set(target, k, superNibble(block + 16, first + k) - 8);
                }
            }
            case Q5_K -> {
                for (int k = 0; k < inputs; k++) {
                    set(target, k, superFiveBits(block, first + k) - 16);
                }
            }
            case Q6_K -> {
                for (int k = 0; k < inputs; k++) {
                    set(target, k, sixBits(block, first + k) - 32);
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

    /** The scale of a chain of a block, exact. */
    static float scale(WeightType type, long block, int chain) {
        return switch (type) {
            case Q4_0, Q4_1, Q5_0, Q5_1 -> half(block);
            case Q4_K, Q5_K -> half(block) * sixBitScale(block, chain);
            case Q6_K -> half(block + 208) * sixBitScaleOfQ6(block, chain);
            default -> throw notQuantised(type);
        };
    }

    /** What is added to the weights of a chain, exact; for types without minimums -0, which changes no sum. */
    static float minimum(WeightType type, long block, int chain) {
        return switch (type) {
            case Q4_0, Q5_0, Q6_K -> -0f;
            case Q4_1, Q5_1 -> half(block + 2);
            case Q4_K, Q5_K -> -(half(block + 2) * sixBitMinimum(block, chain));
            default -> throw notQuantised(type);
        };
    }

    /** The multiple of a Q4_K or Q5_K block's scale that a sub-block has, 0 to 63. */
    static int sixBitScale(long block, int chain) {
        long bytes = block + 4;
        return chain < 4
                ? unsigned(bytes + chain) & 63
                : (unsigned(bytes + chain + 4) & 15) | (unsigned(bytes + chain - 4) >> 6 << 4);
    }

    /** The multiple of a Q4_K or Q5_K block's minimum that a sub-block has, 0 to 63. */
    static int sixBitMinimum(long block, int chain) {
        long bytes = block + 4;
        return chain < 4
                ? unsigned(bytes + chain + 4) & 63
                : (unsigned(bytes + chain + 4) >> 4) | (unsigned(bytes + chain) >> 6 << 4);
    }

    /** The multiple of a Q6_K block's scale that a sub-block has, -128 to 127. */
    static int sixBitScaleOfQ6(long block, int chain) {
        return ALL.get(ValueLayout.JAVA_BYTE, block + 192 + chain);
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
