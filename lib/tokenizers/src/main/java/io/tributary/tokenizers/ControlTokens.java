package io.tributary.tokenizers;

import io.tributary.tokenizers.template.RenderedChat;
import io.tributary.tokenizers.template.RenderedChat.Range;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** The special tokens of a vocabulary by their names, and where they are in a rendered conversation. */
final class ControlTokens {
    private final Map<String, Integer> ids = new HashMap<>();

    /** By first unit, the lengths of the names that begin so, the longest first. */
    private final Map<Character, Set<Integer>> lengths = new HashMap<>();

    private final Set<String> stripsBefore;
    private final Set<String> stripsAfter;

    /**
     * The control tokens of a tokenizer.
     *
     * @param stripsBefore names of those that swallow the white space in front of them
     * @param stripsAfter names of those that swallow the white space after them
     */
    ControlTokens(Tokenizer tokenizer, Set<String> stripsBefore, Set<String> stripsAfter) {
        this.stripsBefore = stripsBefore;
        this.stripsAfter = stripsAfter;
        for (int id : tokenizer.specialIds()) {
            String name = tokenizer.decode(new int[] {id}, false);
            if (!name.isEmpty() && ids.putIfAbsent(name, id) == null) {
                lengths.computeIfAbsent(name.charAt(0), first -> new TreeSet<>(Collections.reverseOrder()))
                        .add(name.length());
            }
        }
    }

    Set<String> names() {
        return Collections.unmodifiableSet(ids.keySet());
    }

    /**
     * The ids of a rendered conversation. The text between two control tokens is encoded as one, whoever wrote it.
     *
     * @throws TokenizerException if a text cannot be encoded
     */
    int[] encode(RenderedChat chat, Tokenizer tokenizer) {
        IntStream.Builder target = IntStream.builder();
        int position = 0;
        for (Range match : matches(chat)) {
            String name = chat.text().substring(match.start(), match.end());
            int end = stripsBefore.contains(name) ? strippedEnd(chat.text(), position, match.start()) : match.start();
            encode(chat.text().substring(position, Math.max(position, end)), tokenizer, target);
            target.add(ids.getOrDefault(name, 0));
            position = stripsAfter.contains(name) ? strippedStart(chat.text(), match.end()) : match.end();
        }
        encode(chat.text().substring(position), tokenizer, target);
        return target.build().toArray();
    }

    private static void encode(String run, Tokenizer tokenizer, IntStream.Builder target) {
        if (!run.isEmpty()) {
            for (int id : tokenizer.encode(run, false)) {
                target.add(id);
            }
        }
    }

    /** Control tokens wholly inside what the template wrote, from left to right, the longest where several begin. */
    private List<Range> matches(RenderedChat chat) {
        List<Range> matches = new ArrayList<>();
        for (Range range : chat.templateRanges()) {
            int position = range.start();
            while (position < range.end()) {
                int length = matchAt(chat.text(), position, range.end());
                if (length > 0) {
                    matches.add(new Range(position, position + length));
                }
                position += Math.max(length, 1);
            }
        }
        return matches;
    }

    private int matchAt(String text, int position, int limit) {
        for (int length : lengths.getOrDefault(text.charAt(position), Set.of())) {
            if (position + length <= limit && ids.containsKey(text.substring(position, position + length))) {
                return length;
            }
        }
        return 0;
    }

    private static int strippedEnd(String text, int start, int end) {
        int stripped = end;
        while (stripped > start && Character.isWhitespace(text.charAt(stripped - 1))) {
            stripped--;
        }
        return stripped;
    }

    private static int strippedStart(String text, int start) {
        int stripped = start;
        while (stripped < text.length() && Character.isWhitespace(text.charAt(stripped))) {
            stripped++;
        }
        return stripped;
    }
}
