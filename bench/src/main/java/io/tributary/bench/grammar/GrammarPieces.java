package io.tributary.bench.grammar;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Pieces as byte-level vocabularies of real models have them: all bytes, runs of blanks, numbers, punctuation of code
 * and JSON, words with and without a space before them, and texts in other scripts.
 */
final class GrammarPieces {
    static final int END_OF_TEXT = 0;

    /** The end of text and the single bytes. */
    static final int SMALLEST = 257;

    private static final long SEED = 20261127;
    private static final String[] MARKS = {
        "\"", "'", "{", "}", "[", "]", "(", ")", ":", ",", ".", ";", "=", "+", "-", "*", "/", "\\", "_", "<", ">", "!",
        "?", "|", "&", "#", "\n", "\t", " "
    };
    private static final String[] SYLLABLES = {
        "a", "e", "i", "o", "th", "in", "er", "an", "re", "on", "at", "en", "or", "es", "is", "it", "al", "ar", "st",
        "to", "nt", "ng", "se", "ha", "as", "ou", "io", "le", "ve", "co", "me", "de", "hi", "ri", "ro", "ic", "ne",
        "ea", "ra", "ce", "li", "ch", "ll", "be", "ma", "si", "om", "ur", "ly", "ment", "tion", "ing", "com", "pre",
        "pro", "un", "able", "ness"
    };

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final Set<String> texts = new LinkedHashSet<>();

    private GrammarPieces() {}

    /** As many pieces as asked for, the same each time. Piece 0 ends the text. */
    static List<byte[]> of(int count) {
        List<byte[]> pieces = new ArrayList<>(count);
        pieces.add(new byte[0]);
        for (int b = 0; b < 256; b++) {
            pieces.add(new byte[] {(byte) b});
        }
        for (String text : new GrammarPieces().texts(count - pieces.size())) {
            pieces.add(text.getBytes(StandardCharsets.UTF_8));
        }
        return pieces;
    }

    private List<String> texts(int count) {
        for (int length = 2; length <= 16; length++) {
            texts.add(" ".repeat(length));
        }
        for (int number = 10; number < 1000; number++) {
            texts.add(Integer.toString(number));
        }
        while (texts.size() < count) {
            String text = next();
            if (text.length() > 1 || text.charAt(0) >= 128) {
                texts.add(text);
            }
        }
        return List.copyOf(texts).subList(0, count);
    }

    private String next() {
        int kind = random.nextInt(100);
        if (kind < 8) {
            return one(MARKS) + one(MARKS) + (random.nextBoolean() ? one(MARKS) : "");
        }
        if (kind < 75) {
            return word();
        }
        int[] firsts = {0xc0, 0x3b1, 0x410, 0x5d0, 0x627, 0x4e00, 0xac00, 0x1f600};
        int[] counts = {0x40, 0x20, 0x40, 0x1b, 0x20, 0x2000, 0x2000, 0x40};
        int script = random.nextInt(firsts.length);
        StringBuilder text = new StringBuilder(random.nextInt(4) == 0 ? " " : "");
        for (int length = 1 + random.nextInt(4); length > 0; length--) {
            text.appendCodePoint(firsts[script] + random.nextInt(counts[script]));
        }
        return text.toString();
    }

    private String word() {
        StringBuilder word = new StringBuilder();
        for (int syllables = 1 + random.nextInt(4); syllables > 0; syllables--) {
            word.append(one(SYLLABLES));
        }
        if (random.nextInt(5) == 0) {
            word.setCharAt(0, Character.toUpperCase(word.charAt(0)));
        }
        if (random.nextInt(20) == 0) {
            word.append(one(MARKS));
        }
        return random.nextInt(10) < 6 ? " " + word : word.toString();
    }

    private String one(String[] choices) {
        return choices[random.nextInt(choices.length)];
    }
}
