package io.tributary.bench.synthetic;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.SplittableRandom;

/**
 * GGUF quantisation blocks: random bytes, then an F16 scale d that makes the weights of the wanted size, and behind it an
 * F16 minimum if the format has one. Any bytes are valid in the other fields. Source of the layouts: ggml-common.h.
 *
 * @param blockBytes bytes of a block
 * @param scalePosition where d is in a block
 * @param minimumFactor the minimum divided by d, such that the mean weight is zero; 0 for a format without one
 * @param rootMeanSquare of the weights for d = 1
 */
record ScaledBlocks(int blockBytes, int scalePosition, double minimumFactor, double rootMeanSquare)
        implements RandomBlocks {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Scales vary by a factor of 0.5 to 1.5, whose root mean square is this. */
    private static final double SCALE_ROOT_MEAN_SQUARE = Math.sqrt(1 + 1.0 / 12);

    /** Formats whose values lie around zero up to one step, which the random sign of d evens out. */
    static ScaledBlocks symmetric(int blockBytes, int scalePosition, double rootMeanSquare) {
        return new ScaledBlocks(blockBytes, scalePosition, 0, rootMeanSquare);
    }

    /** Formats that begin with d and a minimum. */
    static ScaledBlocks withMinimum(int blockBytes, double minimumFactor, double rootMeanSquare) {
        return new ScaledBlocks(blockBytes, 0, minimumFactor, rootMeanSquare);
    }

    @Override
    public void fill(MemorySegment target, SplittableRandom random, double deviation) {
        fillBytes(target, random);
        double scale = deviation / rootMeanSquare / SCALE_ROOT_MEAN_SQUARE;
        for (long block = 0; block < target.byteSize(); block += blockBytes) {
            double d = scale * (0.5 + random.nextDouble());
            if (minimumFactor != 0) {
                put(target, block + scalePosition + Short.BYTES, d * minimumFactor);
            } else if (random.nextBoolean()) {
                d = -d;
            }
            put(target, block + scalePosition, d);
        }
    }

    private static void put(MemorySegment target, long position, double value) {
        target.set(SHORT, position, Float.floatToFloat16((float) value));
    }

    private static void fillBytes(MemorySegment target, SplittableRandom random) {
        long position = 0;
        for (; position <= target.byteSize() - Long.BYTES; position += Long.BYTES) {
            target.set(ValueLayout.JAVA_LONG_UNALIGNED, position, random.nextLong());
        }
        for (; position < target.byteSize(); position++) {
            target.set(ValueLayout.JAVA_BYTE, position, (byte) random.nextInt());
        }
    }
}
