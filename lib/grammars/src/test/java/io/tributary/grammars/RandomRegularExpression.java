package io.tributary.grammars;

import java.util.Random;

/** Makes patterns in the notation that both sides take, and texts that match them or nearly do. */
final class RandomRegularExpression {
    private static final String[] ATOMS = {
        "a",
        "b",
        "c",
        "ab",
        "[ab]",
        "[^b]",
        "[a-c]",
        ".",
        "\\d",
        "\\D",
        "\\w",
        "\\W",
        "\\s",
        "é",
        "[é-日]",
        "😀",
        "[^a-z0-9]",
        "\\u65e5",
        "\\.",
        "[\\]\\-]",
        "\\x41",
        "[\\d.]"
    };
    static final String[] CHARACTERS = {"a", "b", "c", "d", "1", " ", "é", "日", "😀", ".", "]", "-", "A", "\n", "_"};

    private final Random random;

    RandomRegularExpression(Random random) {
        this.random = random;
    }

    String pattern(int depth) {
        return switch (random.nextInt(depth == 0 ? 1 : 6)) {
            case 0 -> ATOMS[random.nextInt(ATOMS.length)];
            case 1 -> pattern(depth - 1) + pattern(depth - 1);
            case 2 -> "(" + pattern(depth - 1) + "|" + pattern(depth - 1) + ")";
            case 3 -> "(?:" + pattern(depth - 1) + ")" + quantifier();
            case 4 -> "(" + pattern(depth - 1) + "|)";
            default -> pattern(depth - 1) + pattern(depth - 1) + pattern(depth - 1);
        };
    }

    private String quantifier() {
        int min = random.nextInt(3);
        return switch (random.nextInt(7)) {
            case 0 -> "*";
            case 1 -> "+";
            case 2 -> "?";
            case 3 -> "{" + min + "}";
            case 4 -> "{" + min + ",}";
            case 5 -> "*?";
            default -> "{" + min + "," + (min + random.nextInt(3)) + "}";
        };
    }

    String text() {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(8); length > 0; length--) {
            text.append(CHARACTERS[random.nextInt(CHARACTERS.length)]);
        }
        return text.toString();
    }

    /** The text with one character changed, left out or put in. */
    String mutated(String text) {
        int[] characters = text.codePoints().toArray();
        int at = random.nextInt(characters.length + 1);
        String before = new String(characters, 0, at);
        int skipped = Math.min(characters.length, at + random.nextInt(2));
        String after = new String(characters, skipped, characters.length - skipped);
        return before + (random.nextBoolean() ? CHARACTERS[random.nextInt(CHARACTERS.length)] : "") + after;
    }
}
