package io.tributary.models.sampling;

/**
 * Random numbers without state: a pure function of (seed, position), so that a session that moves to another shard or
 * is replayed draws the same tokens.
 *
 * <p>Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC 2011). The key is the
 * seed, low word first; the counter is the position, low word first, then two zero words. The uniform number is made of
 * the first two words x0, x1 of the result: the upper 53 bits of (x0 · 2^32 + x1), times 2^-53.
 */
public final class CounterRandom {
    private static final int ROUNDS = 10;
    private static final long MULTIPLIER_0 = 0xD2511F53L;
    private static final long MULTIPLIER_1 = 0xCD9E8D57L;
    private static final int WEYL_0 = 0x9E3779B9;
    private static final int WEYL_1 = 0xBB67AE85;

    private CounterRandom() {}

    /** A number of [0, 1) with 53 random bits, for the draw at a position of the sequence with that seed. */
    public static double uniform(long seed, long position) {
        return (firstWords(seed, position, 0) >>> 11) * 0x1.0p-53;
    }

    /** The first two words of the block, x0 in the upper half. */
    static long firstWords(long key, long counterLow, long counterHigh) {
        int x0 = (int) counterLow;
        int x1 = (int) (counterLow >>> 32);
        int x2 = (int) counterHigh;
        int x3 = (int) (counterHigh >>> 32);
        int key0 = (int) key;
        int key1 = (int) (key >>> 32);
        for (int round = 0; round < ROUNDS; round++) {
            long product0 = MULTIPLIER_0 * Integer.toUnsignedLong(x0);
            long product1 = MULTIPLIER_1 * Integer.toUnsignedLong(x2);
            int next0 = (int) (product1 >>> 32) ^ x1 ^ key0;
            int next2 = (int) (product0 >>> 32) ^ x3 ^ key1;
            x0 = next0;
            x1 = (int) product1;
            x2 = next2;
            x3 = (int) product0;
            key0 += WEYL_0;
            key1 += WEYL_1;
        }
        return (Integer.toUnsignedLong(x0) << 32) | Integer.toUnsignedLong(x1);
    }
}
