package io.tributary.tokenizers.template;

/** The escapes in strings, which are Python's; a backslash in front of anything else stays. */
final class StringEscapes {
    private static final String NAMES = "abfnrtv\\'\"";
    private static final String MEANINGS = "\u0007\b\f\n\r\t\u000B\\'\"";
    private static final int HEXADECIMAL = 16;
    private static final int OCTAL = 8;
    private static final int MAXIMAL_OCTAL_DIGITS = 3;

    private final String written;
    private final int line;
    private final StringBuilder text = new StringBuilder();
    private int position;

    private StringEscapes(String written, int line) {
        this.written = written;
        this.line = line;
    }

    static String resolve(String written, int line) {
        if (written.indexOf('\\') < 0) {
            return written;
        }
        StringEscapes escapes = new StringEscapes(written, line);
        escapes.run();
        return escapes.text.toString();
    }

    private void run() {
        while (position < written.length()) {
            char next = written.charAt(position++);
            if (next == '\\' && position < written.length()) {
                escape(written.charAt(position));
            } else {
                text.append(next);
            }
        }
    }

    private void escape(char name) {
        int simple = NAMES.indexOf(name);
        if (simple >= 0) {
            text.append(MEANINGS.charAt(simple));
            position++;
            return;
        }
        switch (name) {
            case '\n' -> position++;
            case 'x' -> hexadecimal(2);
            case 'u' -> hexadecimal(4);
            case 'U' -> hexadecimal(8);
            case '0', '1', '2', '3', '4', '5', '6', '7' -> octal();
            default -> text.append('\\');
        }
    }

    private void hexadecimal(int digits) {
        int start = position + 1;
        long codePoint = 0;
        for (int index = start; index < start + digits; index++) {
            int digit = index < written.length() ? Character.digit(written.charAt(index), HEXADECIMAL) : -1;
            if (digit < 0) {
                throw new ChatTemplateException(
                        line, "the escape \\" + written.charAt(position) + " needs " + digits + " hexadecimal digits");
            }
            codePoint = codePoint * HEXADECIMAL + digit;
        }
        if (codePoint > Character.MAX_CODE_POINT) {
            throw new ChatTemplateException(line, "there is no character U+%X".formatted(codePoint));
        }
        text.appendCodePoint((int) codePoint);
        position = start + digits;
    }

    private void octal() {
        int codePoint = 0;
        for (int digits = 0; digits < MAXIMAL_OCTAL_DIGITS && position < written.length(); digits++) {
            int digit = Character.digit(written.charAt(position), OCTAL);
            if (digit < 0) {
                break;
            }
            codePoint = codePoint * OCTAL + digit;
            position++;
        }
        text.appendCodePoint(codePoint);
    }
}
