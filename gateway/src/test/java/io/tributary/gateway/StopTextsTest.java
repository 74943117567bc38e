package io.tributary.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class StopTextsTest {
    @Test
    void textWithoutAStopTextIsShownAtOnce() {
        StopTexts stops = new StopTexts(List.of("END"));

        assertThat(stops.append("In the beginning")).isEqualTo("In the beginning");
        assertThat(stops.found()).isFalse();
    }

    @Test
    void whatCouldBecomeAStopTextIsHeldBackUntilItIsCertain() {
        StopTexts stops = new StopTexts(List.of("END"));

        assertThat(stops.append("the E")).isEqualTo("the ");
        assertThat(stops.append("N")).isEmpty();
        assertThat(stops.append("D of it")).isEmpty();
        assertThat(stops.found()).isTrue();
        assertThat(stops.rest()).isEmpty();
    }

    @Test
    void heldBackTextIsReleasedWhenItTurnsOutHarmless() {
        StopTexts stops = new StopTexts(List.of("aab"));

        assertThat(stops.append("a")).isEmpty();
        assertThat(stops.append("a")).isEmpty();
        assertThat(stops.append("a")).isEqualTo("a");
        assertThat(stops.rest()).isEqualTo("aa");
    }

    @Test
    void theFirstOfSeveralStopTextsCounts() {
        StopTexts stops = new StopTexts(List.of("two", "one"));

        assertThat(stops.append("zero one two")).isEqualTo("zero ");
        assertThat(stops.found()).isTrue();
    }

    @RepeatedTest(200)
    void partsNeverChangeWhatIsShown(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        String text = randomText(random, 40);
        List<String> stops = List.of(randomText(random, 3), randomText(random, 4));
        int end = shownLength(text, stops);

        StopTexts matcher = new StopTexts(stops);
        StringBuilder shown = new StringBuilder();
        for (String part : parts(random, text)) {
            shown.append(matcher.append(part));
        }
        shown.append(matcher.rest());

        assertThat(shown.toString())
                .as("seed %d, text %s, stops %s", repetition.getCurrentRepetition(), text, stops)
                .isEqualTo(text.substring(0, end));
    }

    /** One character after the other: what is shown when the first stop text is complete. */
    private static int shownLength(String text, List<String> stops) {
        for (int end = 1; end <= text.length(); end++) {
            String seen = text.substring(0, end);
            int longest = stops.stream()
                    .filter(seen::endsWith)
                    .mapToInt(String::length)
                    .max()
                    .orElse(0);
            if (longest > 0) {
                return end - longest;
            }
        }
        return text.length();
    }

    private static String randomText(Random random, int longest) {
        StringBuilder text = new StringBuilder();
        int length = 1 + random.nextInt(longest);
        for (int i = 0; i < length; i++) {
            text.append((char) ('a' + random.nextInt(3)));
        }
        return text.toString();
    }

    private static List<String> parts(Random random, String text) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        while (from < text.length()) {
            int to = Math.min(text.length(), from + random.nextInt(4));
            parts.add(text.substring(from, to));
            from = to;
        }
        return parts;
    }
}
