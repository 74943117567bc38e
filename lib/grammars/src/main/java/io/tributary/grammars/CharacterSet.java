package io.tributary.grammars;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A set of Unicode characters, which are code points other than surrogates: a text in UTF-8 cannot hold those.
 * Immutable.
 */
final class CharacterSet {
    static final int LAST = Character.MAX_CODE_POINT;
    static final CharacterSet NONE = new CharacterSet(new int[0]);
    static final CharacterSet ALL = range(0, LAST);

    /** Ascending pairs of the first and the last character of each range; ranges neither overlap nor touch. */
    private final int[] bounds;

    private CharacterSet(int[] bounds) {
        this.bounds = bounds;
    }

    /** The characters from first to last, both included. */
    static CharacterSet range(int first, int last) {
        return normalized(new int[] {first, last});
    }

    /** The characters of a text. */
    static CharacterSet of(String characters) {
        return normalized(
                characters.codePoints().flatMap(c -> IntStream.of(c, c)).toArray());
    }

    /** The characters of all of some sets. */
    static CharacterSet union(List<CharacterSet> sets) {
        return normalized(
                sets.stream().flatMapToInt(set -> Arrays.stream(set.bounds)).toArray());
    }

    /** The number of ranges that the set is made of. */
    int ranges() {
        return bounds.length / 2;
    }

    /** The first character of a range, in ascending order. */
    int first(int range) {
        return bounds[2 * range];
    }

    /** The last character of a range. */
    int last(int range) {
        return bounds[2 * range + 1];
    }

    CharacterSet plus(CharacterSet other) {
        int[] all = Arrays.copyOf(bounds, bounds.length + other.bounds.length);
        System.arraycopy(other.bounds, 0, all, bounds.length, other.bounds.length);
        return normalized(all);
    }

    CharacterSet complement() {
        int[] gaps = new int[bounds.length + 2];
        int count = 0;
        int from = 0;
        for (int i = 0; i < bounds.length; i += 2) {
            if (from < bounds[i]) {
                gaps[count++] = from;
                gaps[count++] = bounds[i] - 1;
            }
            from = bounds[i + 1] + 1;
        }
        if (from <= LAST) {
            gaps[count++] = from;
            gaps[count++] = LAST;
        }
        return normalized(Arrays.copyOf(gaps, count));
    }

    CharacterSet minus(CharacterSet other) {
        return complement().plus(other).complement();
    }

    CharacterSet intersection(CharacterSet other) {
        return minus(other.complement());
    }

    boolean isEmpty() {
        return bounds.length == 0;
    }

    boolean contains(int character) {
        for (int i = 0; i < bounds.length; i += 2) {
            if (bounds[i] <= character && character <= bounds[i + 1]) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CharacterSet that && Arrays.equals(bounds, that.bounds);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bounds);
    }

    @Override
    public String toString() {
        return Arrays.toString(bounds);
    }

    private static CharacterSet normalized(int[] pairs) {
        long[] ranges = withoutSurrogates(pairs);
        Arrays.sort(ranges);
        int[] merged = new int[2 * ranges.length];
        int count = 0;
        for (long range : ranges) {
            int first = (int) (range >>> 32);
            int last = (int) range;
            if (count > 0 && first <= merged[count - 1] + 1) {
                merged[count - 1] = Math.max(merged[count - 1], last);
            } else {
                merged[count++] = first;
                merged[count++] = last;
            }
        }
        return new CharacterSet(Arrays.copyOf(merged, count));
    }

    /** Ranges as first and last in one number each, so that they sort. */
    private static long[] withoutSurrogates(int[] pairs) {
        long[] ranges = new long[pairs.length];
        int count = 0;
        for (int i = 0; i < pairs.length; i += 2) {
            int below = Math.min(pairs[i + 1], Character.MIN_SURROGATE - 1);
            int above = Math.max(pairs[i], Character.MAX_SURROGATE + 1);
            if (pairs[i] <= below) {
                ranges[count++] = (long) pairs[i] << 32 | below;
            }
            if (above <= pairs[i + 1]) {
                ranges[count++] = (long) above << 32 | pairs[i + 1];
            }
        }
        return Arrays.copyOf(ranges, count);
    }
}
