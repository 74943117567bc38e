package io.tributary.models;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Looks for NaN and infinities in float32 memory. */
final class NonFiniteNumbers {
    private static final int LARGEST_FINITE = Float.floatToRawIntBits(Float.MAX_VALUE);
    private static final int CHUNK = 1 << 20;

    private NonFiniteNumbers() {}

    /** Whether any of {@code count} numbers from the element {@code first} on is not finite. */
    static boolean any(MemorySegment data, long first, long count) {
        for (long start = 0; start < count; start += CHUNK) {
            int length = (int) Math.min(CHUNK, count - start);
            if (largestMagnitude(data, (first + start) * Float.BYTES, length) > LARGEST_FINITE) {
                return true;
            }
        }
        return false;
    }

    /** As bits without the sign, whose order is that of magnitudes, with infinity and NaN on top. */
    private static int largestMagnitude(MemorySegment data, long offset, int count) {
        int largest = 0;
        for (int index = 0; index < count; index++) {
            int bits = data.get(ValueLayout.JAVA_INT_UNALIGNED, offset + (long) index * Float.BYTES);
            largest = Math.max(largest, bits & Integer.MAX_VALUE);
        }
        return largest;
    }
}
