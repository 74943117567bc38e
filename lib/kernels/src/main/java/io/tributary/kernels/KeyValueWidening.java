package io.tributary.kernels;

import static io.tributary.kernels.FloatMatrix.FLOAT;
import static io.tributary.kernels.KeyValueLayout.PAGE_POSITIONS;
import static io.tributary.kernels.Lanes.BYTES;
import static io.tributary.kernels.Lanes.FLOATS;
import static io.tributary.kernels.Lanes.INTS;
import static io.tributary.kernels.Lanes.LITTLE;
import static io.tributary.kernels.Lanes.SHORTS;
import static io.tributary.kernels.NativeMemory.ALL;
import static io.tributary.kernels.NativeMemory.place;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Widens one head of a page to float32, values and then keys: each stored number is read once from memory, in ascending
 * order, and then serves all rows of a tile from the cache.
 */
final class KeyValueWidening {
    private static final int BRAIN_FLOAT_SHIFT = 16;

    private KeyValueWidening() {}

    /** See {@link AttentionKernels#widen}. */
    static void widen(KeyValueLayout layout, long source, long target) {
        switch (layout.type()) {
            case F32 -> throw new IllegalArgumentException("float32 keys and values are read from their page");
            case F16 -> Halves.widen(source, target, layout.headElements());
            case BF16 -> widenBrainFloats(source, target, layout.headElements());
            case Q8 -> {
                long scales = source + layout.scalesOffset();
                widenValues(source, scales, layout.headSize(), target);
                long keys = target + (long) layout.headSize() * PAGE_POSITIONS * Float.BYTES;
                widenKeys(
                        source + layout.keysOffset(),
                        scales + PAGE_POSITIONS * (long) Float.BYTES,
                        layout.headSize(),
                        keys);
            }
        }
    }

    private static void widenBrainFloats(long source, long target, int count) {
        long from = place(source);
        long to = place(target);
        for (int i = 0; i < count; i += Lanes.COUNT) {
            IntVector bits =
                    (IntVector) ShortVector.fromMemorySegment(SHORTS, ALL, from + (long) i * Short.BYTES, LITTLE)
                            .convertShape(VectorOperators.S2I, INTS, 0);
            bits.lanewise(VectorOperators.LSHL, BRAIN_FLOAT_SHIFT)
                    .reinterpretAsFloats()
                    .intoMemorySegment(ALL, to + (long) i * Float.BYTES, LITTLE);
        }
    }

    /** The last vector of a row may reach into the next row, or the keys, which are written later. */
    private static void widenValues(long source, long scales, int headSize, long target) {
        for (int position = 0; position < PAGE_POSITIONS; position++) {
            long from = place(source + (long) position * headSize);
            long to = place(target + (long) position * headSize * Float.BYTES);
            float scale = ALL.get(FLOAT, place(scales + (long) position * Float.BYTES));
            for (int i = 0; i < headSize; i += Lanes.COUNT) {
                FloatVector quants = (FloatVector) ByteVector.fromMemorySegment(BYTES, ALL, from + i, LITTLE)
                        .convertShape(VectorOperators.B2F, FLOATS, 0);
                quants.mul(scale).intoMemorySegment(ALL, to + (long) i * Float.BYTES, LITTLE);
            }
        }
    }

    private static void widenKeys(long source, long scales, int headSize, long target) {
        for (int lane = 0; lane < PAGE_POSITIONS; lane += Lanes.COUNT) {
            long from = place(source + lane);
            long to = place(target + (long) lane * Float.BYTES);
            FloatVector scale =
                    FloatVector.fromMemorySegment(FLOATS, ALL, place(scales + (long) lane * Float.BYTES), LITTLE);
            for (int d = 0; d < headSize; d++) {
                FloatVector quants =
                        (FloatVector) ByteVector.fromMemorySegment(BYTES, ALL, from + (long) d * PAGE_POSITIONS, LITTLE)
                                .convertShape(VectorOperators.B2F, FLOATS, 0);
                quants.mul(scale).intoMemorySegment(ALL, to + (long) d * PAGE_POSITIONS * Float.BYTES, LITTLE);
            }
        }
    }
}
