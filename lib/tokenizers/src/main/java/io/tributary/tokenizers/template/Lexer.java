package io.tributary.tokenizers.template;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a template into tokens. The newline after a block is dropped and so are spaces in front of one at the start of its
 * line, as {@code trim_blocks} and {@code lstrip_blocks} of Jinja have it.
 */
final class Lexer {
    private static final Pattern NEWLINE = Pattern.compile("\r\n|\r");
    private static final Pattern RAW_BEGIN = Pattern.compile("\\{%[-+]?\\s*raw\\s*(-%\\}\\s*|%\\})");
    private static final Pattern RAW_END = Pattern.compile("\\{%([-+]?)\\s*endraw\\s*(\\+%\\}|-%\\}\\s*|%\\}\n?)");
    private static final String COMMENT_END = "#}";

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int position;
    private int line = 1;
    private int linePosition;
    private boolean lineStarting = true;

    private Lexer(String source) {
        this.source = source;
    }

    static List<Token> tokens(String source) {
        String normalized = NEWLINE.matcher(source).replaceAll("\n");
        boolean endsLine = normalized.endsWith("\n");
        Lexer lexer = new Lexer(endsLine ? normalized.substring(0, normalized.length() - 1) : normalized);
        lexer.run();
        return lexer.tokens;
    }

    private void run() {
        while (position < source.length()) {
            int opener = nextOpener(position);
            if (opener < 0) {
                data(source.substring(position));
                position = source.length();
            } else {
                open(opener);
            }
        }
        add(TokenType.END, "");
    }

    private int nextOpener(int from) {
        for (int index = source.indexOf('{', from); index >= 0; index = source.indexOf('{', index + 1)) {
            char next = characterAt(index + 1);
            if (next == '{' || next == '%' || next == '#') {
                return index;
            }
        }
        return -1;
    }

    private void open(int opener) {
        char kind = characterAt(opener + 1);
        char sign = characterAt(opener + 2);
        data(textBefore(opener, sign, kind == '{'));
        position = opener + 2 + (sign == '-' || sign == '+' ? 1 : 0);
        switch (kind) {
            case '#' -> skipComment();
            case '{' -> tag(TokenType.PRINT_BEGIN, TokenType.PRINT_END, "}}");
            default -> blockOrRaw(opener);
        }
    }

    private String textBefore(int end, char sign, boolean print) {
        String text = source.substring(position, end);
        if (sign == '-') {
            return text.substring(0, PythonSpace.stripEnd(text));
        }
        int lineStart = text.lastIndexOf('\n') + 1;
        boolean atLineStart = lineStart > 0 || lineStarting;
        boolean strips = sign != '+' && !print && atLineStart && PythonSpace.isBlank(text, lineStart);
        return strips ? text.substring(0, lineStart) : text;
    }

    private void blockOrRaw(int opener) {
        Matcher begin = RAW_BEGIN.matcher(source).region(opener, source.length());
        if (!begin.lookingAt()) {
            tag(TokenType.BLOCK_BEGIN, TokenType.BLOCK_END, "%}");
            return;
        }
        position = begin.end();
        lineStarting = source.charAt(position - 1) == '\n';
        Matcher end = RAW_END.matcher(source);
        if (!end.find(position)) {
            throw failure("there is no {% endraw %} for {% raw %}");
        }
        String sign = end.group(1);
        data(textBefore(end.start(), sign.isEmpty() ? ' ' : sign.charAt(0), false));
        closeAt(end.end());
    }

    private void skipComment() {
        int end = source.indexOf(COMMENT_END, position);
        if (end < 0) {
            throw failure("a comment has no end; wanted is " + COMMENT_END);
        }
        char sign = end > position ? source.charAt(end - 1) : ' ';
        close(end + COMMENT_END.length(), sign, true);
    }

    private void tag(TokenType begin, TokenType end, String closer) {
        add(begin, begin == TokenType.BLOCK_BEGIN ? "{%" : "{{");
        TagLexer lexer = new TagLexer(source, position, closer, this::lineAt);
        position = lexer.run(tokens);
        if (position == source.length()) {
            return;
        }
        char sign = source.charAt(position) == closer.charAt(0) ? ' ' : source.charAt(position);
        add(end, closer);
        close(position + closer.length() + (sign == ' ' ? 0 : 1), sign, begin == TokenType.BLOCK_BEGIN);
    }

    private void close(int end, char sign, boolean dropsNewline) {
        int after = end;
        if (sign == '-') {
            after = PythonSpace.skip(source, end);
        } else if (sign != '+' && dropsNewline && characterAt(end) == '\n') {
            after = end + 1;
        }
        closeAt(after);
    }

    private void closeAt(int end) {
        position = end;
        lineStarting = source.charAt(end - 1) == '\n';
    }

    private void data(String text) {
        if (!text.isEmpty()) {
            add(TokenType.DATA, text);
        }
    }

    private void add(TokenType type, String text) {
        tokens.add(new Token(type, text, lineAt(position)));
    }

    /** The line of a position, which must not be in front of one that was asked for before. */
    private int lineAt(int at) {
        for (; linePosition < at; linePosition++) {
            if (source.charAt(linePosition) == '\n') {
                line++;
            }
        }
        return line;
    }

    private ChatTemplateException failure(String problem) {
        return new ChatTemplateException(lineAt(position), problem);
    }

    private char characterAt(int index) {
        return index < source.length() ? source.charAt(index) : '\0';
    }
}
