package io.tributary.media.audio;

/** The bits of a FLAC file, the highest of each byte first. Reading behind the end is an error, not zeros. */
final class FlacBits {
    static final String NAME = "FLAC";

    private final byte[] file;
    private int next;
    private long held;
    private int heldBits;

    FlacBits(byte[] file, int from) {
        this.file = file;
        this.next = from;
    }

    /** The byte from which the next bits come, all before having been read; meaningful on a whole byte. */
    int position() {
        return next - heldBits / Byte.SIZE;
    }

    boolean atEnd() {
        return position() >= file.length;
    }

    /** Drops the rest of a byte that was begun; false when it was not zero. */
    boolean alignToByte() {
        return unsigned(heldBits % Byte.SIZE) == 0;
    }

    /** A whole number of 0 to 32 bits. */
    long unsigned(int count) {
        fill(count);
        heldBits -= count;
        return (held >>> heldBits) & ((1L << count) - 1);
    }

    /** A whole number of 0 to 33 bits in two's complement. */
    long signed(int count) {
        if (count > Integer.SIZE) {
            long high = signed(count - Integer.SIZE);
            return (high << Integer.SIZE) | unsigned(Integer.SIZE);
        }
        int unused = Long.SIZE - count;
        return count == 0 ? 0 : (unsigned(count) << unused) >> unused;
    }

    /** The number of zeros before the next one, which is read too. */
    int unary() {
        int zeros = 0;
        while (true) {
            fill(1);
            long visible = held & ((1L << heldBits) - 1);
            if (visible != 0) {
                int leading = Long.numberOfLeadingZeros(visible) - (Long.SIZE - heldBits);
                heldBits -= leading + 1;
                return zeros + leading;
            }
            zeros = Math.addExact(zeros, heldBits);
            heldBits = 0;
        }
    }

    /** Holds at least so many bits, at most 32, and as many more as are whole bytes of 56. */
    private void fill(int count) {
        while (heldBits < count) {
            if (next >= file.length) {
                throw new MalformedAudioException(NAME, "it ends within a frame or a block, after " + next + " bytes");
            }
            held = (held << Byte.SIZE) | (file[next++] & 0xFF);
            heldBits += Byte.SIZE;
        }
    }
}
