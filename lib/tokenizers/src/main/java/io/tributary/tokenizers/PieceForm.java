package io.tributary.tokenizers;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;

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
    },

    /** Like {@link #BYTE_LEVEL}, with {@code </w>} behind what ends a word, where a space follows. Source: CLIP. */
    BYTE_LEVEL_WORD_END {
        @Override
        byte[] bytes(String token) {
            if (!token.endsWith(WORD_END)) {
                return ByteLevelAlphabet.bytes(token);
            }
            byte[] word = ByteLevelAlphabet.bytes(token.substring(0, token.length() - WORD_END.length()));
            byte[] spaced = Arrays.copyOf(word, word.length + 1);
            spaced[word.length] = ' ';
            return spaced;
        }
    },

    /** A word with a space in front, or {@code ##} and the rest of a word. Source: BERT. */
    WORD_PIECE {
        @Override
        byte[] bytes(String token) {
            if (token.startsWith(CONTINUATION) && token.length() > CONTINUATION.length()) {
                return literal(token.substring(CONTINUATION.length()));
            }
            return literal(' ' + token);
        }

        @Override
        byte[] name(String token) {
            return literal(' ' + token);
        }
    },

    /** Like {@link #WORD_PIECE}, but what follows a word closely has no space in front. Source: BERT's decoder. */
    WORD_PIECE_CLEANED {
        @Override
        byte[] bytes(String token) {
            return CLOSE.contains(token) ? literal(token) : WORD_PIECE.bytes(token);
        }

        @Override
        byte[] name(String token) {
            return WORD_PIECE.name(token);
        }
    };

    /** What SentencePiece writes in place of a space. */
    static final char ESCAPED_SPACE = '\u2581';

    /** What CLIP writes behind the last piece of a word. */
    static final String WORD_END = "</w>";

    /** What BERT writes in front of a piece that goes on with a word. */
    static final String CONTINUATION = "##";

    private static final Set<String> CLOSE = Set.of(".", "?", "!", ",", "n't", "'m", "'s", "'ve", "'re");

    private static final int HEXADECIMAL = 16;
    private static final int BYTE_PIECE_LENGTH = "<0x00>".length();

    /** The bytes that an ordinary entry stands for. */
    abstract byte[] bytes(String token);

    /** The bytes of a special token when it is shown. */
    byte[] name(String token) {
        return literal(token);
    }

    /** Whether entries are written in the {@link ByteLevelAlphabet}. */
    boolean isByteLevel() {
        return this == BYTE_LEVEL || this == BYTE_LEVEL_WORD_END;
    }

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
