package io.tributary.kernels;

import java.lang.foreign.MemorySegment;

/** Strips of 16-bit weights: [pairs of inputs][16 rows] ints, the even input in the lower half of the int. */
final class PairedInputs {
    private PairedInputs() {}

    /** Bytes of so many inputs; the partner of an odd last input is zero. */
    static long quantBytes(int inputs) {
        return Math.ceilDiv(inputs, 2) * PackedFormat.STRIP_BYTES;
    }

    /** The pair of an odd last input has no second activation to read. */
    static boolean streams(int inputs) {
        return inputs % 2 == 0;
    }

    /** Packs a block as {@link PackedFormat#pack} says. */
    static void pack(
            RowMajorWeights source, int firstRow, int firstInput, int inputs, MemorySegment target, long offset) {
        for (int row = 0; row < PackedFormat.STRIP_ROWS; row++) {
            boolean present = source.has(firstRow + row);
            long from = present ? source.offset(firstRow + row, firstInput) : 0;
            for (int k = 0; k < inputs; k += 2) {
                int low = present ? read(source, from, firstRow + row, firstInput, k) : 0;
                int high = present && k + 1 < inputs ? read(source, from, firstRow + row, firstInput, k + 1) : 0;
                long place = offset + k / 2 * PackedFormat.STRIP_BYTES + (long) row * Integer.BYTES;
                target.set(RowMajorWeights.INT, place, high << Short.SIZE | low);
            }
        }
    }

    private static int read(RowMajorWeights source, long from, int row, int firstInput, int k) {
        short bits = source.data().get(RowMajorWeights.SHORT, from + (long) k * Short.BYTES);
        boolean half = source.type() == WeightType.F16;
        source.requireFinite(
                row, firstInput + k, half ? Float.float16ToFloat(bits) : Float.intBitsToFloat(bits << Short.SIZE));
        return Short.toUnsignedInt(bits);
    }
}
