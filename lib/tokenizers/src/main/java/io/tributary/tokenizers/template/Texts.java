package io.tributary.tokenizers.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What Python's texts can do, with the origin of every part kept as far as the parts can be told apart. */
final class Texts {
    private static final int SEARCHED_CHARACTERS_PER_WEIGHT = 2;

    private Texts() {}

    static TextValue upper(TextValue text) {
        return text.mapped(text.string().toUpperCase(Locale.ROOT));
    }

    static TextValue lower(TextValue text) {
        return text.mapped(text.string().toLowerCase(Locale.ROOT));
    }

    static TextValue capitalized(TextValue text) {
        if (text.length() == 0) {
            return text;
        }
        int first = Character.charCount(text.string().codePointAt(0));
        String string = text.string();
        return text.mapped(
                titleCased(string.substring(0, first)) + string.substring(first).toLowerCase(Locale.ROOT));
    }

    private static String titleCased(String character) {
        String upper = character.toUpperCase(Locale.ROOT);
        return upper.codePointCount(0, upper.length()) == 1
                ? Character.toString(Character.toTitleCase(character.codePointAt(0)))
                : upper.charAt(0) + upper.substring(1).toLowerCase(Locale.ROOT);
    }

    /** Every word with a large letter first; a word begins where {@code begins} holds of the character in front. */
    static TextValue titled(TextValue text, IntPredicate begins) {
        StringBuilder titled = new StringBuilder(text.length());
        boolean atStart = true;
        int index = 0;
        while (index < text.length()) {
            int codePoint = text.string().codePointAt(index);
            String character = Character.toString(codePoint);
            titled.append(atStart ? titleCased(character) : character.toLowerCase(Locale.ROOT));
            atStart = begins.test(codePoint);
            index += character.length();
        }
        return text.mapped(titled.toString());
    }

    /**
     * A text without what is at its borders.
     *
     * @param characters that are taken away; null for white space
     */
    static TextValue stripped(TextValue text, @Nullable TextValue characters, boolean start, boolean end, Meter meter) {
        IntPredicate strips = characters == null ? PythonSpace::isSpace : codePoints(characters, meter)::contains;
        String string = text.string();
        int from = 0;
        while (start && from < string.length() && strips.test(string.codePointAt(from))) {
            from += Character.charCount(string.codePointAt(from));
        }
        int to = string.length();
        while (end && to > from && strips.test(string.codePointBefore(to))) {
            to -= Character.charCount(string.codePointBefore(to));
        }
        return text.part(from, to);
    }

    private static Set<Integer> codePoints(TextValue text, Meter meter) {
        meter.produce(text.length());
        return text.string().codePoints().boxed().collect(Collectors.toSet());
    }

    /** Pays for a search, which may look at all of the searched text wherever it could begin. */
    static void paySearch(TextValue text, TextValue searched, Meter meter) {
        if (searched.length() > text.length()) {
            return;
        }
        if (searched.length() > TemplateLimits.MAXIMAL_SEARCHED_CHARACTERS) {
            throw TemplateFault.overLimit("a text of " + searched.length() + " characters is searched for; at most "
                    + TemplateLimits.MAXIMAL_SEARCHED_CHARACTERS + " are allowed");
        }
        meter.spend(text.extent().weight() * (1 + searched.length() / SEARCHED_CHARACTERS_PER_WEIGHT));
    }

    /** A text with every occurrence of a part replaced, up to a count when that is not negative. */
    static TextValue replaced(TextValue text, TextValue old, TextValue replacement, int count, Meter meter) {
        TextBuilder target = new TextBuilder(meter);
        paySearch(text, old, meter);
        int position = 0;
        int replacements = 0;
        int found = text.string().indexOf(old.string());
        while (found >= 0 && (count < 0 || replacements < count)) {
            target.append(text.part(position, found)).append(replacement);
            position = found + old.length();
            replacements++;
            meter.spend(1);
            found = next(text, old, found);
        }
        return target.append(text.part(position, text.length())).build();
    }

    private static int next(TextValue text, TextValue searched, int found) {
        if (searched.length() > 0) {
            return text.string().indexOf(searched.string(), found + searched.length());
        }
        return found >= text.length()
                ? -1
                : found + Character.charCount(text.string().codePointAt(found));
    }

    /** The parts between white space, at most {@code limit} cuts when that is not negative. */
    static List<Value> words(TextValue text, int limit, Meter meter) {
        List<Value> words = new ArrayList<>();
        int position = PythonSpace.skip(text.string(), 0);
        while (position < text.length()) {
            meter.spend(1);
            int end = position;
            boolean last = limit >= 0 && words.size() == limit;
            if (last) {
                end = text.length();
            }
            while (!last
                    && end < text.length()
                    && !PythonSpace.isSpace(text.string().charAt(end))) {
                end++;
            }
            words.add(text.part(position, end));
            position = PythonSpace.skip(text.string(), end);
        }
        return words;
    }

    /** As {@link #words}, cut from the end. */
    static List<Value> wordsFromEnd(TextValue text, int limit, Meter meter) {
        List<Value> words = new ArrayList<>();
        int end = PythonSpace.stripEnd(text.string());
        int first = PythonSpace.skip(text.string(), 0);
        while (end > first) {
            meter.spend(1);
            int start = end;
            boolean last = limit >= 0 && words.size() == limit;
            while (start > first && !last && !PythonSpace.isSpace(text.string().charAt(start - 1))) {
                start--;
            }
            start = last ? 0 : start;
            words.add(text.part(start, end));
            end = start;
            while (end > first && PythonSpace.isSpace(text.string().charAt(end - 1))) {
                end--;
            }
        }
        return words.reversed();
    }

    /** The parts between occurrences of a separator, at most {@code limit} cuts when that is not negative. */
    static List<Value> split(TextValue text, TextValue separator, int limit, Meter meter) {
        requireSeparator(separator);
        paySearch(text, separator, meter);
        List<Value> parts = new ArrayList<>();
        int position = 0;
        int found = text.string().indexOf(separator.string());
        while (found >= 0 && (limit < 0 || parts.size() < limit)) {
            meter.spend(1);
            parts.add(text.part(position, found));
            position = found + separator.length();
            found = text.string().indexOf(separator.string(), position);
        }
        parts.add(text.part(position, text.length()));
        return parts;
    }

    /** As {@link #split}, cut from the end. */
    static List<Value> splitFromEnd(TextValue text, TextValue separator, int limit, Meter meter) {
        requireSeparator(separator);
        paySearch(text, separator, meter);
        List<Value> parts = new ArrayList<>();
        int end = text.length();
        int found = end < separator.length() ? -1 : text.string().lastIndexOf(separator.string());
        while (found >= 0 && (limit < 0 || parts.size() < limit)) {
            meter.spend(1);
            parts.add(text.part(found + separator.length(), end));
            end = found;
            found = end < separator.length()
                    ? -1
                    : text.string().lastIndexOf(separator.string(), end - separator.length());
        }
        parts.add(text.part(0, end));
        return parts.reversed();
    }

    private static void requireSeparator(TextValue separator) {
        if (separator.length() == 0) {
            throw new TemplateFault("a text cannot be split at an empty separator");
        }
    }

    /** The lines, without what ends them. */
    static List<Value> lines(TextValue text, boolean keepsEnds, Meter meter) {
        List<Value> lines = new ArrayList<>();
        String string = text.string();
        int start = 0;
        while (start < string.length()) {
            meter.spend(1);
            int end = start;
            while (end < string.length() && !endsLine(string.charAt(end))) {
                end++;
            }
            int next = Math.min(string.length(), end + (string.startsWith("\r\n", end) ? 2 : 1));
            lines.add(text.part(start, keepsEnds ? next : end));
            start = next;
        }
        return lines;
    }

    private static boolean endsLine(char character) {
        return "\n\r\u000B\f\u001C\u001D\u001E\u0085\u2028\u2029".indexOf(character) >= 0;
    }

    /** Texts with a separator between them. */
    static TextValue joined(List<Value> elements, TextValue separator, Evaluation evaluation, boolean printed) {
        TextBuilder target = new TextBuilder(evaluation.meter());
        for (int index = 0; index < elements.size(); index++) {
            evaluation.meter().spend(1);
            Value element = elements.get(index);
            target.append(index == 0 ? TextValue.EMPTY : separator)
                    .append(printed ? evaluation.printed(element) : Operators.text(element));
        }
        return target.build();
    }

    /** A text with fill on both sides up to a width in code points. */
    static TextValue padded(TextValue text, int before, int after, TextValue fill, Meter meter) {
        return new TextBuilder(meter)
                .append(Operators.repeated(fill, Math.max(before, 0), meter))
                .append(text)
                .append(Operators.repeated(fill, Math.max(after, 0), meter))
                .build();
    }
}
