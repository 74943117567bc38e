package io.tributary.tokenizers.template;

import java.util.ArrayList;
import java.util.List;

/**
 * A rendered conversation.
 *
 * @param text all of it
 * @param templateRanges the parts that the template wrote, ascending and apart; all else came from the conversation
 */
public record RenderedChat(String text, List<Range> templateRanges) {
    /**
     * A part of the text, never empty.
     *
     * @param start of its first UTF-16 unit
     * @param end after its last one
     */
    public record Range(int start, int end) {}

    static RenderedChat of(TextValue text) {
        List<Range> ranges = new ArrayList<>();
        int start = 0;
        boolean trusted = true;
        for (int change : text.changes()) {
            if (trusted && change > start) {
                ranges.add(new Range(start, change));
            }
            start = change;
            trusted = !trusted;
        }
        if (trusted && text.length() > start) {
            ranges.add(new Range(start, text.length()));
        }
        return new RenderedChat(text.string(), List.copyOf(ranges));
    }
}
