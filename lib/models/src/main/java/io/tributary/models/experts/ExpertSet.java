package io.tributary.models.experts;

import java.util.BitSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Some experts of a layer, by their indices; immutable. Written as numbers and ranges, {@code 0-3,7}; nothing at all is
 * written as the empty text.
 */
public final class ExpertSet {
    /** An index beyond this is taken for a slip. */
    public static final int MAXIMAL_INDEX = 65_535;

    private static final Pattern RANGE = Pattern.compile("\\s*(\\d{1,9})\\s*(?:-\\s*(\\d{1,9})\\s*)?");

    private final BitSet experts;

    private ExpertSet(BitSet experts) {
        this.experts = experts;
    }

    /** The experts of these indices. */
    public static ExpertSet of(IntStream indices) {
        BitSet experts = new BitSet();
        indices.forEach(index -> {
            if (index < 0 || index > MAXIMAL_INDEX) {
                throw new IllegalArgumentException("expert " + Integer.toUnsignedString(index)
                        + " does not exist; 0 to " + MAXIMAL_INDEX + " may");
            }
            experts.set(index);
        });
        return new ExpertSet(experts);
    }

    /** The first experts. */
    public static ExpertSet all(int count) {
        return of(IntStream.range(0, count));
    }

    /**
     * Reads {@code 0-3,7}.
     *
     * @throws IllegalArgumentException for another form; the message says what would be right
     */
    public static ExpertSet parse(String text) {
        if (text.isBlank()) {
            return of(IntStream.empty());
        }
        BitSet experts = new BitSet();
        for (String part : text.split(",", -1)) {
            Matcher range = RANGE.matcher(part);
            int first = range.matches() ? Integer.parseInt(range.group(1)) : -1;
            int last = first >= 0 && range.group(2) != null ? Integer.parseInt(range.group(2)) : first;
            if (first < 0 || last < first || last > MAXIMAL_INDEX) {
                throw new IllegalArgumentException(
                        "\"%s\" are no experts; they are written as numbers and ranges from 0 to".formatted(text)
                                + " %d, such as 0-3,7".formatted(MAXIMAL_INDEX));
            }
            experts.set(first, last + 1);
        }
        return new ExpertSet(experts);
    }

    /** Whether the expert is one of these. */
    public boolean contains(int expert) {
        return experts.get(expert);
    }

    /** Number of experts. */
    public int size() {
        return experts.cardinality();
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return experts.isEmpty();
    }

    /** The index behind the largest one; 0 without experts. */
    public int end() {
        return experts.length();
    }

    /** The indices, ascending. */
    public IntStream indices() {
        return experts.stream();
    }

    /** These and others. */
    public ExpertSet plus(ExpertSet others) {
        BitSet union = (BitSet) experts.clone();
        union.or(others.experts);
        return new ExpertSet(union);
    }

    /** These without others. */
    public ExpertSet minus(ExpertSet others) {
        BitSet rest = (BitSet) experts.clone();
        rest.andNot(others.experts);
        return new ExpertSet(rest);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ExpertSet set && set.experts.equals(experts);
    }

    @Override
    public int hashCode() {
        return experts.hashCode();
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return ranges().collect(Collectors.joining(","));
    }

    private Stream<String> ranges() {
        return IntStream.iterate(
                        experts.nextSetBit(0),
                        first -> first >= 0,
                        first -> experts.nextSetBit(experts.nextClearBit(first)))
                .mapToObj(first -> {
                    int last = experts.nextClearBit(first) - 1;
                    return first == last ? Integer.toString(first) : first + "-" + last;
                });
    }
}
