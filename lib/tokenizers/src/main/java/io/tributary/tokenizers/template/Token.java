package io.tributary.tokenizers.template;

/**
 * A token of a template.
 *
 * @param text of a string without quotes and escapes; of everything else as it is written
 * @param line from 1
 */
record Token(TokenType type, String text, int line) {
    boolean is(TokenType wanted, String wantedText) {
        return type == wanted && text.equals(wantedText);
    }

    /** For messages. */
    String described() {
        return switch (type) {
            case DATA -> "text";
            case END -> "the end of the template";
            case STRING -> "the string '" + text + "'";
            case PRINT_BEGIN, PRINT_END, BLOCK_BEGIN, BLOCK_END, NAME, INTEGER, REAL, OPERATOR -> "'" + text + "'";
        };
    }
}
