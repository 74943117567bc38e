package io.tributary.kernels;

import static io.tributary.kernels.FloatMatrix.FLOAT;

import java.lang.foreign.MemorySegment;

/** The codeword search as plain loops, for a JVM that does not compile vectors. */
final class ScalarCodebookKernels implements CodebookKernels {
    @Override
    public void nearest(
            MemorySegment vectors, long base, int size, MemorySegment panels, int count, MemorySegment scratch) {
        for (int lane = 0; lane < VirtualLanes.COUNT; lane++) {
            float best = Float.POSITIVE_INFINITY;
            int index = lane;
            for (int panel = 0; panel < count; panel++) {
                long place = (long) panel * size * ELEMENT_BYTES + (long) lane * Float.BYTES;
                float distance = distance(vectors, base, size, panels, place);
                if (distance < best) {
                    best = distance;
                    index = panel * VirtualLanes.COUNT + lane;
                }
            }
            scratch.set(FLOAT, RowScratch.SUMS + (long) lane * Float.BYTES, best);
            scratch.set(INDEX, RowScratch.VALUES + (long) lane * Float.BYTES, index);
        }
    }

    private static float distance(MemorySegment vectors, long base, int size, MemorySegment panels, long place) {
        float distance = 0f;
        for (int i = 0; i < size; i++) {
            float difference =
                    panels.get(FLOAT, place + i * ELEMENT_BYTES) - vectors.get(FLOAT, base + (long) i * Float.BYTES);
            distance = Math.fma(difference, difference, distance);
        }
        return distance;
    }
}
