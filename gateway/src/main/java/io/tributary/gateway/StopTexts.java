package io.tributary.gateway;

import java.util.List;

/**
 * Finds the stop text that is complete first in a text that comes in parts, and holds back what could still become one. For one stream,
 * used by one thread at a time.
 */
final class StopTexts {
    private final List<String> stops;
    private final StringBuilder held = new StringBuilder();
    private boolean found;

    StopTexts(List<String> stops) {
        this.stops = List.copyOf(stops);
    }

    /** Adds the next part and returns the text that is safe to show; nothing more once a stop text was found. */
    String append(String part) {
        if (found) {
            return "";
        }
        held.append(part);
        int stop = firstStop();
        if (stop >= 0) {
            found = true;
            return release(stop);
        }
        return release(held.length() - longestBeginning());
    }

    /** Whether a stop text was found. */
    boolean found() {
        return found;
    }

    /** The text held back, at the end of a stream that found no stop text. */
    String rest() {
        return found ? "" : release(held.length());
    }

    /** Where the stop text begins that is complete first, the longest of those; -1 if there is none. */
    private int firstStop() {
        int first = -1;
        int firstEnd = Integer.MAX_VALUE;
        for (String stop : stops) {
            int at = held.indexOf(stop);
            int end = at + stop.length();
            if (at >= 0 && (end < firstEnd || (end == firstEnd && at < first))) {
                first = at;
                firstEnd = end;
            }
        }
        return first;
    }

    /** Length of the longest end of the held text with which some stop text begins. */
    private int longestBeginning() {
        int longest = 0;
        for (String stop : stops) {
            for (int length = Math.min(stop.length() - 1, held.length()); length > longest; length--) {
                if (stop.startsWith(held.substring(held.length() - length))) {
                    longest = length;
                }
            }
        }
        return longest;
    }

    private String release(int length) {
        String text = held.substring(0, length);
        held.delete(0, length);
        return text;
    }
}
