package io.tributary.grammars;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How the characters of a set are written in UTF-8 (RFC 3629). */
final class Utf8Sequences {
    private static final int[] LAST_OF_LENGTH = {0x7f, 0x7ff, 0xffff, CharacterSet.LAST};

    /** The bytes that may come first, for each sequence of sets of bytes that may follow. */
    private final Map<List<ByteSet>, ByteSet> firstByRest = new LinkedHashMap<>();

    private Utf8Sequences() {}

    /** The first bytes by what follows them; what follows a single byte is the empty list. */
    static Map<List<ByteSet>, ByteSet> of(CharacterSet characters) {
        Utf8Sequences sequences = new Utf8Sequences();
        for (int range = 0; range < characters.ranges(); range++) {
            sequences.addRange(characters.first(range), characters.last(range));
        }
        return sequences.firstByRest;
    }

    private void addRange(int first, int last) {
        int from = first;
        for (int length = 1; length <= 4 && from <= last; length++) {
            int to = Math.min(last, LAST_OF_LENGTH[length - 1]);
            if (from <= to) {
                addOfLength(length, from, to);
                from = to + 1;
            }
        }
    }

    /** Splits a range until each byte of it runs over a range of its own, independent of the others. */
    private void addOfLength(int length, int first, int last) {
        for (int continuations = 1; continuations < length; continuations++) {
            int mask = (1 << (6 * continuations)) - 1;
            if ((first & ~mask) != (last & ~mask)) {
                if ((first & mask) != 0) {
                    addOfLength(length, first, first | mask);
                    addOfLength(length, (first | mask) + 1, last);
                    return;
                }
                if ((last & mask) != mask) {
                    addOfLength(length, first, (last & ~mask) - 1);
                    addOfLength(length, last & ~mask, last);
                    return;
                }
            }
        }
        addSequence(length, first, last);
    }

    private void addSequence(int length, int first, int last) {
        List<ByteSet> rest = new ArrayList<>();
        for (int shift = 6 * (length - 2); shift >= 0; shift -= 6) {
            rest.add(ByteSet.range(0x80 | ((first >> shift) & 0x3f), 0x80 | ((last >> shift) & 0x3f)));
        }
        int shift = 6 * (length - 1);
        int mark = length == 1 ? 0 : (0xff00 >> length) & 0xff;
        firstByRest.merge(rest, ByteSet.range(mark | (first >> shift), mark | (last >> shift)), ByteSet::plus);
    }
}
