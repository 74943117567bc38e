package io.tributary.decoder.protocol;

/** A set of numbers other than 0. */
final class FingerprintSet {
    private long[] slots = new long[1 << 16];
    private int size;

    /** Adds a number that is well mixed; returns whether it is new. */
    boolean add(long number) {
        if (size * 2L > slots.length) {
            grow();
        }
        int slot = slotOf(number);
        if (slots[slot] == number) {
            return false;
        }
        slots[slot] = number;
        size++;
        return true;
    }

    private int slotOf(long number) {
        int slot = (int) (number >>> 20) & (slots.length - 1);
        while (slots[slot] != 0 && slots[slot] != number) {
            slot = (slot + 1) & (slots.length - 1);
        }
        return slot;
    }

    private void grow() {
        long[] old = slots;
        slots = new long[2 * old.length];
        for (long number : old) {
            if (number != 0) {
                slots[slotOf(number)] = number;
            }
        }
    }
}
