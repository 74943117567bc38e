package io.tributary.tokenizers.template;

/** Texts by their code points, which are what Python counts. */
final class CodePoints {
    private CodePoints() {}

    static int count(TextValue text) {
        return text.string().codePointCount(0, text.length());
    }

    /** A part, by index of code points, both within the text. */
    static TextValue part(TextValue text, int start, int end) {
        int from = text.string().offsetByCodePoints(0, start);
        return text.part(from, text.string().offsetByCodePoints(from, end - start));
    }

    /** The number of code points in front of an index of UTF-16 units. */
    static int before(TextValue text, int index) {
        return text.string().codePointCount(0, index);
    }
}
