package io.tributary.tokenizers.template;

import java.util.Arrays;

/** Puts texts together; their parts keep their origin. */
final class TextBuilder {
    private static final int INITIAL_CHANGES = 8;

    private final Meter meter;
    private final StringBuilder string = new StringBuilder();
    private int[] changes = new int[INITIAL_CHANGES];
    private int count;

    TextBuilder(Meter meter) {
        this.meter = meter;
    }

    TextBuilder append(TextValue text) {
        reserve(text.length());
        int start = string.length();
        boolean foreign = false;
        int position = 0;
        for (int change : text.changes()) {
            mark(start + position, change > position, foreign);
            position = change;
            foreign = !foreign;
        }
        mark(start + position, text.length() > position, foreign);
        string.append(text.string());
        return this;
    }

    /** Adds text of the template's own making. */
    TextBuilder append(String text) {
        reserve(text.length());
        mark(string.length(), !text.isEmpty(), false);
        string.append(text);
        return this;
    }

    /** Says that a text of the given origin begins. */
    private void mark(int position, boolean present, boolean foreign) {
        boolean currentlyForeign = count % 2 == 1;
        if (present && foreign != currentlyForeign) {
            if (count == changes.length) {
                changes = Arrays.copyOf(changes, 2 * count);
            }
            changes[count++] = position;
        }
    }

    private void reserve(int characters) {
        meter.produce(characters);
        meter.checkLength((long) string.length() + characters);
    }

    TextValue build() {
        return new TextValue(string.toString(), Arrays.copyOf(changes, count));
    }
}
