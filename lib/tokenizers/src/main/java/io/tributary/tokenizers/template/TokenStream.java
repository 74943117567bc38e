package io.tributary.tokenizers.template;

import java.util.List;

/** The tokens of a template one after the other. */
final class TokenStream {
    private final List<Token> tokens;
    private int position;
    private int nesting;

    /** A stream of tokens, the last of which is the end. */
    TokenStream(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token current() {
        return tokens.get(position);
    }

    private Token following() {
        return tokens.get(Math.min(position + 1, tokens.size() - 1));
    }

    Token next() {
        Token token = current();
        if (token.type() != TokenType.END) {
            position++;
        }
        return token;
    }

    boolean at(TokenType type) {
        return current().type() == type;
    }

    boolean atOperator(String operator) {
        return current().is(TokenType.OPERATOR, operator);
    }

    boolean atName(String name) {
        return current().is(TokenType.NAME, name);
    }

    boolean atNames(String first, String second) {
        return atName(first) && following().is(TokenType.NAME, second);
    }

    boolean followedByOperator(String operator) {
        return following().is(TokenType.OPERATOR, operator);
    }

    boolean skipOperator(String operator) {
        return skip(atOperator(operator));
    }

    boolean skipName(String name) {
        return skip(atName(name));
    }

    private boolean skip(boolean there) {
        if (there) {
            position++;
        }
        return there;
    }

    Token expect(TokenType type, String wanted) {
        if (at(type)) {
            return next();
        }
        throw unexpected(wanted);
    }

    void expectOperator(String operator) {
        if (!skipOperator(operator)) {
            throw unexpected("'" + operator + "'");
        }
    }

    void expectName(String name) {
        if (!skipName(name)) {
            throw unexpected("'" + name + "'");
        }
    }

    /** One level deeper into the source; to be left again. */
    void enter() {
        nesting++;
        if (nesting > TemplateLimits.MAXIMAL_SOURCE_NESTING) {
            throw failure("it is nested deeper than " + TemplateLimits.MAXIMAL_SOURCE_NESTING + " levels");
        }
    }

    void leave() {
        nesting--;
    }

    ChatTemplateException unexpected(String wanted) {
        return failure("there is " + current().described() + "; wanted is " + wanted);
    }

    ChatTemplateException failure(String problem) {
        return new ChatTemplateException(current().line(), problem);
    }
}
