package io.tributary.cli.experts;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * A token of a sequence.
 *
 * @param id its index in the vocabulary
 * @param text what it stands for; a byte that is no character of its own, or no visible one, is written {@code \xNN}
 */
record UsedToken(int id, String text) {
    /** Characters of a label; longer ones would make the axis higher than a band. */
    private static final int LONGEST_LABEL = 12;

    /** @param piece the bytes that the token stands for */
    static UsedToken of(int id, byte[] piece) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(piece))
                    .toString();
            return new UsedToken(id, visible(text));
        } catch (CharacterCodingException partOfACharacter) {
            StringBuilder text = new StringBuilder();
            for (byte value : piece) {
                text.append(hexadecimal(Byte.toUnsignedInt(value)));
            }
            return new UsedToken(id, text.toString());
        }
    }

    /** The text with spaces that can be seen, shortened to what an axis has room for. */
    String label() {
        String shown = text.replace(' ', '\u00b7');
        if (shown.codePointCount(0, shown.length()) <= LONGEST_LABEL) {
            return shown;
        }
        return shown.substring(0, shown.offsetByCodePoints(0, LONGEST_LABEL - 1)) + "\u2026";
    }

    private static String visible(String text) {
        StringBuilder visible = new StringBuilder();
        text.codePoints().forEach(character -> {
            switch (character) {
                case '\n' -> visible.append("\\n");
                case '\t' -> visible.append("\\t");
                case '\r' -> visible.append("\\r");
                default -> {
                    if (isVisible(character)) {
                        visible.appendCodePoint(character);
                    } else {
                        visible.append(hexadecimal(character));
                    }
                }
            }
        });
        return visible.toString();
    }

    /** Others would be invisible in a picture, and some of them may not stand in XML. */
    private static boolean isVisible(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE -> false;
            default -> true;
        };
    }

    private static String hexadecimal(int value) {
        return "\\x%02x".formatted(value);
    }
}
