package io.tributary.tokenizers.template;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A text that knows which parts of it the template wrote. Control tokens are recognised in those alone; all else, the
 * contents of messages above all, is foreign.
 *
 * <p>Comparable, so that a hash map stays quick when a sender chooses keys with one hash code.
 */
final class TextValue implements Value, Comparable<TextValue> {
    private static final int CHARACTERS_PER_WEIGHT = 64;
    private static final int[] NONE = {};
    private static final int[] ALL = {0};

    static final TextValue EMPTY = trusted("");

    private final String string;

    /** Where the origin changes, ascending: trusted up to the first, foreign up to the second, and so on. */
    private final int[] changes;

    TextValue(String string, int[] changes) {
        this.string = string;
        this.changes = changes;
    }

    /** A text that the template wrote. */
    static TextValue trusted(String string) {
        return new TextValue(string, NONE);
    }

    /** A text from outside the template. */
    static TextValue foreign(String string) {
        return new TextValue(string, string.isEmpty() ? NONE : ALL);
    }

    /** What was made of this text in a way that does not tell the parts apart: trusted if all of this is. */
    TextValue derived(String made) {
        return isTrusted() ? trusted(made) : foreign(made);
    }

    /** This text with other characters in the same places; {@link #derived} if there are more or fewer. */
    TextValue mapped(String made) {
        return made.length() == string.length() ? new TextValue(made, changes) : derived(made);
    }

    String string() {
        return string;
    }

    boolean isTrusted() {
        return changes.length == 0;
    }

    int length() {
        return string.length();
    }

    /** Where the origin changes. */
    int[] changes() {
        return changes;
    }

    /** A part, by index of UTF-16 units. */
    TextValue part(int start, int end) {
        if (start >= end) {
            return EMPTY;
        }
        int before = firstChangeAfter(start);
        int after = firstChangeAt(end);
        boolean startsForeign = before % 2 == 1;
        int[] inside = new int[Math.max(after - before, 0) + (startsForeign ? 1 : 0)];
        int next = startsForeign ? 1 : 0;
        for (int index = before; index < after; index++) {
            inside[next++] = changes[index] - start;
        }
        return new TextValue(string.substring(start, end), inside);
    }

    private int firstChangeAfter(int position) {
        int found = Arrays.binarySearch(changes, position);
        return found < 0 ? -found - 1 : found + 1;
    }

    private int firstChangeAt(int position) {
        int found = Arrays.binarySearch(changes, position);
        return found < 0 ? -found - 1 : found;
    }

    @Override
    public Extent extent() {
        return new Extent(0, 1 + string.length() / CHARACTERS_PER_WEIGHT);
    }

    @Override
    public boolean truth() {
        return !string.isEmpty();
    }

    @Override
    public String type() {
        return "str";
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TextValue text && string.equals(text.string);
    }

    @Override
    public int hashCode() {
        return string.hashCode();
    }

    /** The order of Java's strings; Python's own is that of {@link Operators#compare}. */
    @Override
    public int compareTo(TextValue other) {
        return string.compareTo(other.string);
    }

    @Override
    public String toString() {
        return string;
    }
}
