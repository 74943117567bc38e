package io.tributary.bench.machine;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * What a core can do at most: fused multiply-adds that touch nothing but registers, and reading memory upwards, one vector after
 * the other.
 */
public final class VectorLoops {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;

    /** Enough independent sums that none waits for its own latency: two units of four cycles, with room. */
    private static final int SUMS = 12;

    private VectorLoops() {}

    /**
     * Reads memory and adds what it holds. The loop that the compiler makes of a sum over an array reads half as fast on some
     * processors, as its loads do not ascend.
     *
     * @param offset of the first byte
     * @param bytes at most 2 GiB, a multiple of 64
     */
    public static int sum(MemorySegment memory, long offset, int bytes) {
        IntVector sum = IntVector.zero(INTS);
        for (int i = 0; i < bytes; i += INTS.vectorByteSize()) {
            sum = sum.add(IntVector.fromMemorySegment(INTS, memory, offset + i, ByteOrder.LITTLE_ENDIAN));
        }
        return sum.reduceLanes(VectorOperators.ADD);
    }

    /** Floating-point operations of so many rounds, a multiply-add counted as two. */
    public static double operations(int rounds) {
        return 2.0 * SUMS * SPECIES.length() * rounds;
    }

    /** Runs so many rounds and returns what depends on all of them. */
    public static float multiplyAdd(int rounds, float factor) {
        FloatVector x = FloatVector.broadcast(SPECIES, factor);
        FloatVector a = x;
        FloatVector b = x;
        FloatVector c = x;
        FloatVector d = x;
        FloatVector e = x;
        FloatVector f = x;
        FloatVector g = x;
        FloatVector h = x;
        FloatVector i = x;
        FloatVector j = x;
        FloatVector k = x;
        FloatVector l = x;
        for (int round = 0; round < rounds; round++) {
            a = a.fma(x, x);
            b = b.fma(x, x);
            c = c.fma(x, x);
            d = d.fma(x, x);
            e = e.fma(x, x);
            f = f.fma(x, x);
            g = g.fma(x, x);
            h = h.fma(x, x);
            i = i.fma(x, x);
            j = j.fma(x, x);
            k = k.fma(x, x);
            l = l.fma(x, x);
        }
        FloatVector sum = a.add(b)
                .add(c)
                .add(d)
                .add(e)
                .add(f)
                .add(g)
                .add(h)
                .add(i)
                .add(j)
                .add(k)
                .add(l);
        return sum.reduceLanes(VectorOperators.ADD);
    }
}
