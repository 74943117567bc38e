package io.tributary.kernels;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** The vector shapes of this process and the few operations on them that all kernels share. */
final class Lanes {
    static {
        VectorModuleMissingError.check();
    }

    /** System property that forces a vector width: 128, 256 or 512. */
    static final String WIDTH_PROPERTY = "tributary.kernels.vector-bits";

    static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;

    static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_MAX.withShape(shape());
    static final VectorSpecies<Integer> INTS = IntVector.SPECIES_MAX.withShape(FLOATS.vectorShape());
    /** At least as many shorts as there are floats in a vector. */
    static final VectorSpecies<Short> SHORTS =
            ShortVector.SPECIES_MAX.withShape(VectorShape.forBitSize(FLOATS.vectorBitSize() / 2));
    /** At least as many bytes as there are floats in a vector (64 bits is the narrowest shape). */
    static final VectorSpecies<Byte> BYTES =
            ByteVector.SPECIES_MAX.withShape(VectorShape.forBitSize(Math.max(64, FLOATS.vectorBitSize() / 4)));

    static final int COUNT = FLOATS.length();
    static final long VECTOR_BYTES = (long) COUNT * Float.BYTES;

    private Lanes() {}

    /** Makes this class initialise, so that a missing vector module or a wrong width is reported at once. */
    static void require() {
        assert VirtualLanes.COUNT % COUNT == 0 : COUNT + " lanes";
    }

    static FloatVector load(MemorySegment segment, long offset) {
        return FloatVector.fromMemorySegment(FLOATS, segment, offset, LITTLE);
    }

    static void store(FloatVector vector, MemorySegment segment, long offset) {
        vector.intoMemorySegment(segment, offset, LITTLE);
    }

    /** Sets memory to zero; bytes is a multiple of a vector's. */
    static void clear(MemorySegment segment, long offset, long bytes) {
        FloatVector zero = FloatVector.zero(FLOATS);
        int vectors = Math.toIntExact(bytes / VECTOR_BYTES);
        for (int vector = 0; vector < vectors; vector++) {
            zero.intoMemorySegment(segment, offset + vector * VECTOR_BYTES, LITTLE);
        }
    }

    private static VectorShape shape() {
        String forced = System.getProperty(WIDTH_PROPERTY);
        if (forced == null) {
            int preferred = FloatVector.SPECIES_PREFERRED.vectorBitSize();
            return VectorShape.forBitSize(Math.clamp(preferred, 128, 512));
        }
        return switch (forced) {
            case "128" -> VectorShape.S_128_BIT;
            case "256" -> VectorShape.S_256_BIT;
            case "512" -> VectorShape.S_512_BIT;
            default ->
                throw new IllegalArgumentException(
                        "system property " + WIDTH_PROPERTY + " is '" + forced + "'; it must be 128, 256 or 512");
        };
    }
}
