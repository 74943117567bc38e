package io.tributary.tokenizers.template;

/** What Python takes for white space. */
final class PythonSpace {
    private static final int FIRST_SEPARATOR = 0x1C;
    private static final int LAST_SEPARATOR = 0x1F;
    private static final int NEXT_LINE = 0x85;

    private PythonSpace() {}

    static boolean isSpace(int codePoint) {
        return (codePoint >= '\t' && codePoint <= '\r')
                || (codePoint >= FIRST_SEPARATOR && codePoint <= LAST_SEPARATOR)
                || codePoint == NEXT_LINE
                || Character.isSpaceChar(codePoint);
    }

    /** Where the text begins without the space in front of it. All white space is in the basic plane. */
    static int skip(String text, int from) {
        int index = from;
        while (index < text.length() && isSpace(text.charAt(index))) {
            index++;
        }
        return index;
    }

    /** Where the text ends without the space after it. */
    static int stripEnd(String text) {
        int end = text.length();
        while (end > 0 && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return end;
    }

    static boolean isBlank(String text, int from) {
        return skip(text, from) == text.length();
    }
}
