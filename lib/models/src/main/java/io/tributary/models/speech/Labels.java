package io.tributary.models.speech;

import java.util.Arrays;

/** Labels in a row that compare by content; ordered by it too, so that equally probable ones have an order. */
final class Labels implements Comparable<Labels> {
    static final Labels NONE = new Labels(new int[0]);

    /** The last label, -1 without any. */
    final int last;

    private final int[] values;
    private final int hash;

    Labels(Labels front, int label) {
        this(append(front.values, label));
    }

    private Labels(int[] values) {
        this.values = values;
        this.last = values.length == 0 ? -1 : values[values.length - 1];
        this.hash = Arrays.hashCode(values);
    }

    int[] toArray() {
        return values.clone();
    }

    @Override
    public int compareTo(Labels other) {
        return Arrays.compare(values, other.values);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Labels that && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    private static int[] append(int[] values, int label) {
        int[] longer = Arrays.copyOf(values, values.length + 1);
        longer[values.length] = label;
        return longer;
    }
}
