package io.tributary.tokenizers;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The {@code precompiled_charsmap} of a SentencePiece model: which characters become which. It holds the size of a double
 * array, the double array over UTF-8 bytes, whose values are places in what follows, and the replacements with a zero
 * byte behind each. Sources: normalizer.cc of github.com/google/sentencepiece, darts.h of github.com/s-yata/darts-clone.
 *
 * <p>The engine has a normalizer for this format too, but that one takes the shortest match where SentencePiece takes
 * the longest, and looks at one character at a time where a cluster of them is long. Immutable.
 */
final class CharacterMap {
    /** SentencePiece looks at no more matches than these; longer chains break off. */
    private static final int MAXIMAL_MATCHES = 32;

    /** Far more than any character becomes; with longer ones, a short text would become one that fills the memory. */
    private static final int MAXIMAL_REPLACEMENT_BYTES = 1024;

    private static final int LABEL_MASK = 0x8000_00FF;
    private static final int VALUE_MASK = 0x7FFF_FFFF;
    private static final int LAST_LABEL = 0xFF;

    private final int[] units;
    private final byte[] replacements;

    private CharacterMap(int[] units, byte[] replacements) {
        this.units = units;
        this.replacements = replacements;
    }

    /**
     * Reads the map.
     *
     * @param file that holds it, for messages
     */
    static CharacterMap read(byte[] map, Path file) {
        ByteBuffer buffer = ByteBuffer.wrap(map).order(ByteOrder.LITTLE_ENDIAN);
        int size = map.length < Integer.BYTES ? -1 : buffer.getInt();
        if (size <= 0 || size % Integer.BYTES != 0 || size >= buffer.remaining()) {
            throw new MalformedTokenizerException(
                    file,
                    "its character map of " + map.length + " bytes says that its index takes " + size
                            + "; wanted is a multiple of 4 below what follows");
        }
        int[] units = new int[size / Integer.BYTES];
        buffer.asIntBuffer().get(units);
        byte[] replacements = Arrays.copyOfRange(map, Integer.BYTES + size, map.length);
        if (replacements[replacements.length - 1] != 0) {
            throw new MalformedTokenizerException(file, "the last replacement of its character map has no end");
        }
        checkLengths(replacements, file);
        checkWays(units, replacements.length, file);
        return new CharacterMap(units, replacements);
    }

    private static void checkLengths(byte[] replacements, Path file) {
        int start = 0;
        for (int index = 0; index < replacements.length; index++) {
            if (index - start > MAXIMAL_REPLACEMENT_BYTES) {
                throw new MalformedTokenizerException(
                        file,
                        "a replacement of its character map has more than " + MAXIMAL_REPLACEMENT_BYTES + " bytes");
            }
            if (replacements[index] == 0) {
                start = index + 1;
            }
        }
    }

    /** Checks that every way through the double array stays in it and leads to a replacement, since the engine trusts it. */
    private static void checkWays(int[] units, int replacements, Path file) {
        BitSet seen = new BitSet(units.length);
        Deque<Integer> open = new ArrayDeque<>();
        open.push(0);
        seen.set(0);
        while (!open.isEmpty()) {
            int node = open.pop();
            int base = node ^ offset(units[node]);
            boolean isInside = base >= 0 && (base | LAST_LABEL) < units.length;
            if (!isInside || (hasLeaf(units[node]) && (units[base] & VALUE_MASK) >= replacements)) {
                throw new MalformedTokenizerException(file, "the index of its character map leads out of it");
            }
            for (int label = 1; label <= LAST_LABEL; label++) {
                int child = base ^ label;
                if ((units[child] & LABEL_MASK) == label && !seen.get(child)) {
                    seen.set(child);
                    open.push(child);
                }
            }
        }
    }

    /**
     * A place that is replaced.
     *
     * @param end behind its last char
     */
    record Match(int end, String replacement) {}

    /** The longest match that begins at the position, if anything there is replaced. */
    @Nullable
    Match longestMatch(String text, int position) {
        Walk walk = new Walk(text, position);
        if (walk.end < 0) {
            return null;
        }
        int last = walk.value;
        while (replacements[last] != 0) {
            last++;
        }
        String replacement = new String(replacements, walk.value, last - walk.value, StandardCharsets.UTF_8);
        return new Match(walk.end, replacement);
    }

    /** One walk through the double array, along the bytes of a text. */
    private final class Walk {
        private int end = -1;
        private int value;
        private int node;
        private int matches;

        Walk(String text, int position) {
            node = offset(units[0]);
            int index = position;
            while (index < text.length()) {
                int codePoint = text.codePointAt(index);
                index += Character.charCount(codePoint);
                if (!follow(codePoint, index)) {
                    break;
                }
            }
        }

        private boolean follow(int codePoint, int endIndex) {
            if (codePoint == 0) {
                return false; // ends every key
            }
            if (codePoint < 0x80) {
                return step(codePoint, endIndex, true);
            }
            if (codePoint < 0x800) {
                return step(0xC0 | (codePoint >> 6), endIndex, false) && tail(codePoint, 0, endIndex);
            }
            if (codePoint < 0x10000) {
                return step(0xE0 | (codePoint >> 12), endIndex, false) && tail(codePoint, 6, endIndex);
            }
            return step(0xF0 | (codePoint >> 18), endIndex, false) && tail(codePoint, 12, endIndex);
        }

        private boolean tail(int codePoint, int firstShift, int endIndex) {
            for (int shift = firstShift; shift >= 0; shift -= 6) {
                if (!step(0x80 | ((codePoint >> shift) & 0x3F), endIndex, shift == 0)) {
                    return false;
                }
            }
            return true;
        }

        /** Goes on by one byte; false when no key does. */
        private boolean step(int next, int endIndex, boolean endsCharacter) {
            node ^= next;
            if ((units[node] & LABEL_MASK) != next) {
                return false;
            }
            int unit = units[node];
            node ^= offset(unit);
            if (endsCharacter && hasLeaf(unit)) {
                end = endIndex;
                value = units[node] & VALUE_MASK;
                matches++;
            }
            return matches < MAXIMAL_MATCHES;
        }
    }

    private static boolean hasLeaf(int unit) {
        return ((unit >>> 8) & 1) == 1;
    }

    private static int offset(int unit) {
        return (unit >>> 10) << ((unit & (1 << 9)) >>> 6);
    }
}
