package io.tributary.media.audio;

/** The cyclic redundancy checks of FLAC frames (RFC 9639, sections 9.1.8 and 9.3), the highest bit first, from 0. */
final class FlacChecksum {
    private static final int[] HEADER = table(0x07, Byte.SIZE);
    private static final int[] FRAME = table(0x8005, Short.SIZE);

    private FlacChecksum() {}

    /** The 8 bits over a frame's header: x^8 + x^2 + x + 1. */
    static int ofHeader(byte[] file, int from, int to) {
        int sum = 0;
        for (int i = from; i < to; i++) {
            sum = HEADER[(sum ^ file[i]) & 0xFF];
        }
        return sum;
    }

    /** The 16 bits over a frame: x^16 + x^15 + x^2 + 1. */
    static int ofFrame(byte[] file, int from, int to) {
        int sum = 0;
        for (int i = from; i < to; i++) {
            sum = ((sum << Byte.SIZE) ^ FRAME[((sum >>> Byte.SIZE) ^ file[i]) & 0xFF]) & 0xFFFF;
        }
        return sum;
    }

    private static int[] table(int polynomial, int bits) {
        int[] table = new int[1 << Byte.SIZE];
        int top = 1 << (bits - 1);
        for (int value = 0; value < table.length; value++) {
            int sum = value << (bits - Byte.SIZE);
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                sum = (sum & top) != 0 ? (sum << 1) ^ polynomial : sum << 1;
            }
            table[value] = sum & ((1 << bits) - 1);
        }
        return table;
    }
}
