package io.tributary.tokenizers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The bytes behind every id. Immutable. */
final class PieceTable {
    private final byte[] bytes;
    private final int[] ends;
    private final BitSet special;
    private final BorderSpace border;

    private PieceTable(byte[] bytes, int[] ends, BitSet special, BorderSpace border) {
        this.bytes = bytes;
        this.ends = ends;
        this.special = special;
        this.border = border;
    }

    int size() {
        return ends.length;
    }

    boolean isSpecial(int id) {
        return special.get(id);
    }

    NavigableSet<Integer> specialIds() {
        return Collections.unmodifiableNavigableSet(
                special.stream().boxed().collect(Collectors.toCollection(TreeSet::new)));
    }

    /** What happens to a space that encoding put at a border of the text. */
    BorderSpace border() {
        return border;
    }

    void check(int[] ids) {
        for (int id : ids) {
            check(id);
        }
    }

    byte[] piece(int id) {
        check(id);
        return Arrays.copyOfRange(bytes, start(id), ends[id]);
    }

    int length(int id) {
        return ends[id] - start(id);
    }

    byte byteAt(int id, int index) {
        return bytes[start(id) + index];
    }

    private int start(int id) {
        return id == 0 ? 0 : ends[id - 1];
    }

    private void check(int id) {
        if (id < 0 || id >= ends.length) {
            throw new UnknownTokenException(id, ends.length);
        }
    }

    /** Collects pieces in any order; an id that gets none has no bytes. */
    static final class Builder {
        /** More than any vocabulary has; a file with a larger id is wrong. */
        static final int MAXIMAL_SIZE = 1 << 22;

        private static final byte[] NONE = {};

        private final List<byte[]> pieces = new ArrayList<>();
        private final BitSet special = new BitSet();

        /** Sets the bytes of an id below {@link #MAXIMAL_SIZE}. */
        Builder put(int id, byte[] piece) {
            while (pieces.size() <= id) {
                pieces.add(NONE);
            }
            pieces.set(id, piece);
            return this;
        }

        Builder markSpecial(int id) {
            special.set(id);
            return this;
        }

        PieceTable build(BorderSpace border) {
            int[] ends = new int[pieces.size()];
            int total = 0;
            for (int id = 0; id < ends.length; id++) {
                total = Math.addExact(total, pieces.get(id).length);
                ends[id] = total;
            }
            byte[] bytes = new byte[total];
            int position = 0;
            for (byte[] piece : pieces) {
                System.arraycopy(piece, 0, bytes, position, piece.length);
                position += piece.length;
            }
            return new PieceTable(bytes, ends, special, border);
        }
    }
}
