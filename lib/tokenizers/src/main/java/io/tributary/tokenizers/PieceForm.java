package io.tributary.tokenizers;

import java.nio.charset.StandardCharsets;

/** How the text of a vocabulary's entry says which bytes it stands for. */
enum PieceForm {
    /** One character of the {@link ByteLevelAlphabet} for each byte. */
    BYTE_LEVEL {
        @Override
        byte[] bytes(String token) {
            return ByteLevelAlphabet.bytes(token);
        }
    },

    /** Text with U+2581 for a space, or {@code <0x0A>} for one byte. Source: SentencePiece. */
    SENTENCE_PIECE {
        @Override
        byte[] bytes(String token) {
            int value = byteValue(token);
            return value < 0 ? literal(token.replace(ESCAPED_SPACE, ' ')) : new byte[] {(byte) value};
        }
    };

    /** What SentencePiece writes in place of a space. */
    static final char ESCAPED_SPACE = '\u2581';

    private static final int HEXADECIMAL = 16;
    private static final int BYTE_PIECE_LENGTH = "<0x00>".length();

    /** The bytes that an ordinary entry stands for. */
    abstract byte[] bytes(String token);

    /** The bytes of an entry that stands for its own text. */
    static byte[] literal(String token) {
        return token.getBytes(StandardCharsets.UTF_8);
    }

    /** The byte that a byte piece like {@code <0x0A>} stands for; -1 for any other token. */
    static int byteValue(String token) {
        if (token.length() != BYTE_PIECE_LENGTH || !token.startsWith("<0x") || !token.endsWith(">")) {
            return -1;
        }
        int high = Character.digit(token.charAt(3), HEXADECIMAL);
        int low = Character.digit(token.charAt(4), HEXADECIMAL);
        return high < 0 || low < 0 ? -1 : high * HEXADECIMAL + low;
    }

    /** How a byte piece is written. */
    static String bytePiece(int value) {
        return "<0x%02X>".formatted(value);
    }
}
