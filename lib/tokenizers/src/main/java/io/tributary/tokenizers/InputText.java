package io.tributary.tokenizers;

/** What a text must be like before it is encoded. */
final class InputText {
    private InputText() {}

    /**
     * Checks that a text is Unicode and not too long, in one pass.
     *
     * @param maximalBytes of its UTF-8
     */
    static void check(String text, int maximalBytes) {
        long bytes = 0;
        int index = 0;
        while (index < text.length()) {
            char unit = text.charAt(index);
            if (!Character.isSurrogate(unit)) {
                bytes += unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3;
                index++;
            } else if (index + 1 < text.length() && Character.isSurrogatePair(unit, text.charAt(index + 1))) {
                bytes += 4;
                index += 2;
            } else {
                throw new InvalidTextException(index, unit);
            }
        }
        if (bytes > maximalBytes) {
            throw new TextTooLongException(bytes, maximalBytes);
        }
    }
}
