package io.tributary.tokenizers;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which bytes a byte-level vocabulary lacks. The engine leaves out without a word what has no entry, so a vocabulary must
 * have all bytes that occur in UTF-8; but some lack those with which only code points begin that Unicode has not
 * assigned (planes 4 to 11), and such code points become U+FFFD.
 */
final class UnassignedPlanes {
    private static final int CONTINUATION_BYTES_END = 0xC0;
    private static final int FIRST_LEADING_BYTE = 0xC2;
    private static final int LAST_LEADING_BYTE = 0xF4;
    private static final int PLANES_4_TO_7 = 0xF1;
    private static final int PLANES_8_TO_11 = 0xF2;
    private static final String REPLACEMENT = "\uFFFD";

    private UnassignedPlanes() {}

    /**
     * What must be done to texts for this vocabulary to express them.
     *
     * @param entries texts of the vocabulary in the {@link ByteLevelAlphabet}
     * @param wordEnd what ends an entry that ends a word: a byte may do so, or not
     * @throws MalformedTokenizerException if a byte is missing that occurs in assigned characters
     */
    static TextPreparation replacing(Set<String> entries, String wordEnd, Path file) {
        List<String> planes = new ArrayList<>();
        for (int value = 0; value <= LAST_LEADING_BYTE; value++) {
            String entry = String.valueOf(ByteLevelAlphabet.character(value));
            boolean occurs = value < CONTINUATION_BYTES_END || value >= FIRST_LEADING_BYTE;
            if (occurs && !(entries.contains(entry) && entries.contains(entry + wordEnd))) {
                planes.add(
                        switch (value) {
                            case PLANES_4_TO_7 -> "\\x{40000}-\\x{7FFFF}";
                            case PLANES_8_TO_11 -> "\\x{80000}-\\x{BFFFF}";
                            default ->
                                throw new MalformedTokenizerException(
                                        file, "the vocabulary has no token for the byte 0x%02X alone".formatted(value));
                        });
            }
        }
        if (planes.isEmpty()) {
            return TextPreparation.NONE;
        }
        Pattern inexpressible = Pattern.compile("[" + String.join("", planes) + "]");
        return text -> inexpressible.matcher(text).replaceAll(REPLACEMENT);
    }
}
