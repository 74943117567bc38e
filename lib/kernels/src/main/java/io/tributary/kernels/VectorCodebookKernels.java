package io.tributary.kernels;

import static io.tributary.kernels.FloatMatrix.FLOAT;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/** The codeword search of vectors, in one body for the reason of {@link VectorRowKernels}. */
final class VectorCodebookKernels implements CodebookKernels {
    /** Sums that run side by side, to hide how long one addition takes. */
    private static final int SIDE_BY_SIDE = 4;

    @Override
    public void nearest(
            MemorySegment vectors, long base, int size, MemorySegment panels, int count, MemorySegment scratch) {
        for (int lane = 0; lane < VirtualLanes.COUNT; lane += Lanes.COUNT) {
            nearestOfLanes(vectors, base, size, panels, count, lane, scratch);
        }
    }

    private static void nearestOfLanes(
            MemorySegment vectors,
            long base,
            int size,
            MemorySegment panels,
            int count,
            int lane,
            MemorySegment scratch) {
        long panelBytes = size * ELEMENT_BYTES;
        IntVector lanes = IntVector.zero(Lanes.INTS).addIndex(1).add(lane);
        FloatVector best = FloatVector.broadcast(Lanes.FLOATS, Float.POSITIVE_INFINITY);
        IntVector index = lanes;
        int panel = 0;
        for (; panel <= count - SIDE_BY_SIDE; panel += SIDE_BY_SIDE) {
            long place = panel * panelBytes + (long) lane * Float.BYTES;
            FloatVector first = FloatVector.zero(Lanes.FLOATS);
            FloatVector second = FloatVector.zero(Lanes.FLOATS);
            FloatVector third = FloatVector.zero(Lanes.FLOATS);
            FloatVector fourth = FloatVector.zero(Lanes.FLOATS);
            for (int i = 0; i < size; i++) {
                FloatVector x = FloatVector.broadcast(Lanes.FLOATS, vectors.get(FLOAT, base + (long) i * Float.BYTES));
                FloatVector a = Lanes.load(panels, place).sub(x);
                FloatVector b = Lanes.load(panels, place + panelBytes).sub(x);
                FloatVector c = Lanes.load(panels, place + 2 * panelBytes).sub(x);
                FloatVector d = Lanes.load(panels, place + 3 * panelBytes).sub(x);
                first = a.fma(a, first);
                second = b.fma(b, second);
                third = c.fma(c, third);
                fourth = d.fma(d, fourth);
                place += ELEMENT_BYTES;
            }
            int word = panel * VirtualLanes.COUNT;
            VectorMask<Float> closer = first.lt(best);
            best = best.blend(first, closer);
            index = index.blend(lanes.add(word), closer.cast(Lanes.INTS));
            closer = second.lt(best);
            best = best.blend(second, closer);
            index = index.blend(lanes.add(word + VirtualLanes.COUNT), closer.cast(Lanes.INTS));
            closer = third.lt(best);
            best = best.blend(third, closer);
            index = index.blend(lanes.add(word + 2 * VirtualLanes.COUNT), closer.cast(Lanes.INTS));
            closer = fourth.lt(best);
            best = best.blend(fourth, closer);
            index = index.blend(lanes.add(word + 3 * VirtualLanes.COUNT), closer.cast(Lanes.INTS));
        }
        for (; panel < count; panel++) {
            long place = panel * panelBytes + (long) lane * Float.BYTES;
            FloatVector sum = FloatVector.zero(Lanes.FLOATS);
            for (int i = 0; i < size; i++) {
                FloatVector difference = Lanes.load(panels, place)
                        .sub(FloatVector.broadcast(Lanes.FLOATS, vectors.get(FLOAT, base + (long) i * Float.BYTES)));
                sum = difference.fma(difference, sum);
                place += ELEMENT_BYTES;
            }
            VectorMask<Float> closer = sum.lt(best);
            best = best.blend(sum, closer);
            index = index.blend(lanes.add(panel * VirtualLanes.COUNT), closer.cast(Lanes.INTS));
        }
        long offset = (long) lane * Float.BYTES;
        Lanes.store(best, scratch, RowScratch.SUMS + offset);
        index.intoMemorySegment(scratch, RowScratch.VALUES + offset, Lanes.LITTLE);
    }
}
