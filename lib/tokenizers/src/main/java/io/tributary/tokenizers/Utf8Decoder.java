package io.tributary.tokenizers;

/**
 * Bytes to text, one at a time, as the "UTF-8 decoder" of the WHATWG Encoding Standard does it: a maximal part of a
 * character that does not go on becomes one U+FFFD. The JDK's own decoder replaces encoded surrogates differently, and
 * Rust's and Python's do it this way. Not safe for use by several threads.
 */
final class Utf8Decoder {
    private static final int FIRST_CONTINUATION = 0x80;
    private static final int LAST_CONTINUATION = 0xBF;
    private static final char REPLACEMENT = '\uFFFD';

    private int codePoint;
    private int missingBytes;
    private int lowest = FIRST_CONTINUATION;
    private int highest = LAST_CONTINUATION;

    /** Takes the next byte and writes the character that it completes, or what replaces one that it breaks off. */
    void accept(byte next, StringBuilder target) {
        int value = Byte.toUnsignedInt(next);
        if (missingBytes > 0) {
            if (value >= lowest && value <= highest) {
                proceed(value, target);
                return;
            }
            breakOff(target);
        }
        begin(value, target);
    }

    /** Ends the text: a character that lacks bytes becomes U+FFFD. */
    void finish(StringBuilder target) {
        if (missingBytes > 0) {
            breakOff(target);
        }
    }

    private void begin(int value, StringBuilder target) {
        if (value < FIRST_CONTINUATION) {
            target.append((char) value);
        } else if (value >= 0xC2 && value <= 0xDF) {
            expect(1, value & 0x1F, FIRST_CONTINUATION, LAST_CONTINUATION);
        } else if (value >= 0xE0 && value <= 0xEF) {
            expect(
                    2,
                    value & 0x0F,
                    value == 0xE0 ? 0xA0 : FIRST_CONTINUATION,
                    value == 0xED ? 0x9F : LAST_CONTINUATION);
        } else if (value >= 0xF0 && value <= 0xF4) {
            expect(
                    3,
                    value & 0x07,
                    value == 0xF0 ? 0x90 : FIRST_CONTINUATION,
                    value == 0xF4 ? 0x8F : LAST_CONTINUATION);
        } else {
            target.append(REPLACEMENT);
        }
    }

    private void proceed(int value, StringBuilder target) {
        expect(missingBytes - 1, (codePoint << 6) | (value & 0x3F), FIRST_CONTINUATION, LAST_CONTINUATION);
        if (missingBytes == 0) {
            target.appendCodePoint(codePoint);
        }
    }

    private void breakOff(StringBuilder target) {
        expect(0, 0, FIRST_CONTINUATION, LAST_CONTINUATION);
        target.append(REPLACEMENT);
    }

    private void expect(int bytes, int bitsSoFar, int lowestNext, int highestNext) {
        missingBytes = bytes;
        codePoint = bitsSoFar;
        lowest = lowestNext;
        highest = highestNext;
    }
}
