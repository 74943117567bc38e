package io.tributary.tokenizers.template;

import java.time.Clock;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/** The time as {@code strftime} writes it, in English. Source of the letters: the documentation of Python's datetime. */
final class TimeFormat {
    private static final Map<Character, DateTimeFormatter> LETTERS = Map.ofEntries(
            entry('a', "EEE"),
            entry('A', "EEEE"),
            entry('b', "MMM"),
            entry('B', "MMMM"),
            entry('d', "dd"),
            entry('H', "HH"),
            entry('I', "hh"),
            entry('j', "DDD"),
            entry('m', "MM"),
            entry('M', "mm"),
            entry('p', "a"),
            entry('S', "ss"),
            entry('y', "yy"),
            entry('Y', "yyyy"),
            entry('F', "yyyy-MM-dd"),
            entry('T', "HH:mm:ss"),
            entry('c', "EEE MMM ppd HH:mm:ss yyyy"),
            entry('x', "MM/dd/yy"),
            entry('X', "HH:mm:ss"));

    private TimeFormat() {}

    private static Map.Entry<Character, DateTimeFormatter> entry(char letter, String pattern) {
        return Map.entry(letter, DateTimeFormatter.ofPattern(pattern, Locale.US));
    }

    static String format(String format, Clock clock) {
        ZonedDateTime now = ZonedDateTime.now(clock);
        StringBuilder written = new StringBuilder();
        int index = 0;
        while (index < format.length()) {
            char next = format.charAt(index++);
            if (next != '%' || index == format.length()) {
                written.append(next);
                continue;
            }
            boolean plain = format.charAt(index) == '-' && index + 1 < format.length();
            char letter = format.charAt(plain ? index + 1 : index);
            index += plain ? 2 : 1;
            String part = part(letter, now);
            written.append(plain ? part.replaceFirst("^0+(?=.)", "") : part);
        }
        return written.toString();
    }

    private static String part(char letter, ZonedDateTime now) {
        if (letter == '%') {
            return "%";
        }
        DateTimeFormatter formatter = LETTERS.get(letter);
        if (formatter == null) {
            throw new TemplateFault("the letter '" + letter + "' of a format of times is not known");
        }
        return formatter.format(now);
    }
}
