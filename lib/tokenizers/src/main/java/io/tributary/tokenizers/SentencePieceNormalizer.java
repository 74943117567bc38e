package io.tributary.tokenizers;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What SentencePiece does to a text before it looks for pieces. Source: normalizer.cc of github.com/google/sentencepiece.
 *
 * @param characters which characters become which; none for a text as it is
 * @param prefixesSpace whether one space is added to every text that is not empty, which decoding takes away
 * @param removesExtraSpaces whether spaces at both ends go, and runs of spaces become one
 * @param spaceIsSuffix whether the added space goes behind the text in place of in front
 * @param kept texts that are not touched: pieces that are found as a whole
 */
record SentencePieceNormalizer(
        @Nullable CharacterMap characters,
        boolean prefixesSpace,
        boolean removesExtraSpaces,
        boolean spaceIsSuffix,
        TextTrie kept)
        implements TextPreparation {

    /** Spaces are escaped, and one is put in front of a text if asked for. */
    static SentencePieceNormalizer escapingSpaces(boolean prefixesSpace) {
        return new SentencePieceNormalizer(null, prefixesSpace, false, false, TextTrie.EMPTY);
    }

    /** The text with U+2581 for every space. */
    static String escaped(String text) {
        return text.replace(' ', PieceForm.ESCAPED_SPACE);
    }

    /** The same, which leaves these texts alone. */
    SentencePieceNormalizer keeping(List<String> texts) {
        return characters == null && !removesExtraSpaces
                ? this
                : new SentencePieceNormalizer(
                        characters, prefixesSpace, removesExtraSpaces, spaceIsSuffix, TextTrie.of(texts));
    }

    /** What decoding does to the space that was added. */
    BorderSpace borderSpace() {
        if (!prefixesSpace) {
            return BorderSpace.KEPT;
        }
        return spaceIsSuffix ? BorderSpace.LAST_DROPPED : BorderSpace.FIRST_DROPPED;
    }

    @Override
    public String apply(String text) {
        String normalized = characters == null && !removesExtraSpaces ? text : normalized(text);
        if (normalized.isEmpty() || !prefixesSpace) {
            return escaped(normalized);
        }
        return escaped(spaceIsSuffix ? normalized + ' ' : ' ' + normalized);
    }

    private String normalized(String text) {
        StringBuilder target = new StringBuilder(text.length());
        boolean afterSpace = removesExtraSpaces;
        int position = 0;
        while (position < text.length()) {
            CharacterMap.Match next = next(text, position);
            afterSpace = append(next.replacement(), afterSpace, target);
            position = next.end();
        }
        if (removesExtraSpaces) {
            trimEnd(target);
        }
        return target.toString();
    }

    private CharacterMap.Match next(String text, int position) {
        int end = kept.longestPrefix(text, position);
        if (end < 0) {
            CharacterMap.Match match = characters == null ? null : characters.longestMatch(text, position);
            if (match != null) {
                return match;
            }
            end = text.offsetByCodePoints(position, 1);
        }
        return new CharacterMap.Match(end, text.substring(position, end));
    }

    /** Appends a part without the spaces that follow a space; says whether the text ends with a space that counts. */
    private boolean append(String part, boolean afterSpace, StringBuilder target) {
        int start = 0;
        while (afterSpace && start < part.length() && part.charAt(start) == ' ') {
            start++;
        }
        if (start == part.length()) {
            return afterSpace;
        }
        target.append(part, start, part.length());
        return removesExtraSpaces && part.endsWith(" ");
    }

    private static void trimEnd(StringBuilder text) {
        int length = text.length();
        while (length > 0 && isSpace(text.charAt(length - 1))) {
            length--;
        }
        text.setLength(length);
    }

    private static boolean isSpace(char unit) {
        return unit == ' ' || unit == PieceForm.ESCAPED_SPACE;
    }
}
