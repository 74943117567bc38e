package io.tributary.tokenizers;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The printable characters by which byte-level vocabularies write bytes: printable Latin-1 for itself, the other bytes
 * by U+0100 onward. Source: bytes_to_unicode in the encoder of GPT-2.
 */
final class ByteLevelAlphabet {
    private static final int BYTES = 256;
    private static final char[] CHARACTERS = characters();
    private static final short[] VALUES = values();

    private ByteLevelAlphabet() {}

    /** The character that stands for a byte. */
    static char character(int value) {
        return CHARACTERS[value];
    }

    /** The bytes that a token stands for; those of the text itself when it is not written in this alphabet. */
    static byte[] bytes(String token) {
        byte[] bytes = new byte[token.length()];
        for (int index = 0; index < bytes.length; index++) {
            char unit = token.charAt(index);
            int value = unit < VALUES.length ? VALUES[unit] : -1;
            if (value < 0) {
                return token.getBytes(StandardCharsets.UTF_8);
            }
            bytes[index] = (byte) value;
        }
        return bytes;
    }

    private static boolean isPrintable(int value) {
        return (value >= '!' && value <= '~') || (value >= 0xA1 && value <= 0xAC) || (value >= 0xAE && value <= 0xFF);
    }

    private static char[] characters() {
        char[] characters = new char[BYTES];
        char next = BYTES;
        for (int value = 0; value < BYTES; value++) {
            characters[value] = isPrintable(value) ? (char) value : next++;
        }
        return characters;
    }

    private static short[] values() {
        short[] values = new short[CHARACTERS[0xAD] + 1];
        Arrays.fill(values, (short) -1);
        for (short value = 0; value < BYTES; value++) {
            values[CHARACTERS[value]] = value;
        }
        return values;
    }
}
