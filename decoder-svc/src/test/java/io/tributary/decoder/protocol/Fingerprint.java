package io.tributary.decoder.protocol;

/** Mixes numbers into 64 bits. */
final class Fingerprint {
    private long value = 0x9E3779B97F4A7C15L;

    void add(long number) {
        long mixed = (value ^ number) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 29)) * 0x94D049BB133111EBL;
        value = mixed ^ (mixed >>> 32);
    }

    /** Never 0. */
    long value() {
        return value == 0 ? 1 : value;
    }
}
