package io.tributary.tokenizers.template;

import io.tributary.tokenizers.template.Expression.Argument;
import io.tributary.tokenizers.template.Expression.Attribute;
import io.tributary.tokenizers.template.Expression.Call;
import io.tributary.tokenizers.template.Expression.Entry;
import io.tributary.tokenizers.template.Expression.Filter;
import io.tributary.tokenizers.template.Expression.Item;
import io.tributary.tokenizers.template.Expression.Listing;
import io.tributary.tokenizers.template.Expression.Literal;
import io.tributary.tokenizers.template.Expression.Mapping;
import io.tributary.tokenizers.template.Expression.Name;
import io.tributary.tokenizers.template.Expression.Not;
import io.tributary.tokenizers.template.Expression.Slice;
import io.tributary.tokenizers.template.Expression.Test;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What expressions are made of: literals, names, and everything that is written behind them. */
final class PrimaryParser {
    private static final Set<String> AFTER_TEST = Set.of("else", "or", "and");

    private final TokenStream tokens;
    private final ExpressionParser expressions;

    PrimaryParser(TokenStream tokens, ExpressionParser expressions) {
        this.tokens = tokens;
        this.expressions = expressions;
    }

    Expression primary() {
        Token token = tokens.next();
        int line = token.line();
        return switch (token.type()) {
            case NAME -> name(token);
            case STRING -> new Literal(line, strings(token));
            case INTEGER -> new Literal(line, integer(token));
            case REAL -> new Literal(line, new RealValue(Double.parseDouble(token.text())));
            case OPERATOR ->
                switch (token.text()) {
                    case "(" -> parenthesized(line);
                    case "[" -> new Listing(line, elements("]"), false);
                    case "{" -> mapping(line);
                    default -> throw noExpression(token);
                };
            case DATA, PRINT_BEGIN, PRINT_END, BLOCK_BEGIN, BLOCK_END, END -> throw noExpression(token);
        };
    }

    private static ChatTemplateException noExpression(Token token) {
        return new ChatTemplateException(token.line(), "there is " + token.described() + "; wanted is an expression");
    }

    private static Expression name(Token token) {
        return switch (token.text()) {
            case "true", "True" -> new Literal(token.line(), BoolValue.TRUE);
            case "false", "False" -> new Literal(token.line(), BoolValue.FALSE);
            case "none", "None" -> new Literal(token.line(), NoneValue.NONE);
            default -> new Name(token.line(), token.text());
        };
    }

    private TextValue strings(Token first) {
        StringBuilder text = new StringBuilder(first.text());
        while (tokens.at(TokenType.STRING)) {
            text.append(tokens.next().text());
        }
        return TextValue.trusted(text.toString());
    }

    private static IntValue integer(Token token) {
        try {
            return new IntValue(Long.parseLong(token.text()));
        } catch (NumberFormatException tooLarge) {
            throw new ChatTemplateException(token.line(), "the number " + token.text() + " has more than 64 bits");
        }
    }

    private Expression parenthesized(int line) {
        if (tokens.skipOperator(")")) {
            return new Listing(line, List.of(), true);
        }
        Expression inside = expressions.tuple();
        tokens.expectOperator(")");
        return inside;
    }

    /** The tuple that begins with an expression, at the comma after it. */
    Expression restOfTuple(int line, Expression first) {
        List<Expression> elements = new ArrayList<>(List.of(first));
        while (tokens.skipOperator(",") && !endsTuple()) {
            elements.add(expressions.expression());
        }
        return new Listing(line, List.copyOf(elements), true);
    }

    private boolean endsTuple() {
        return tokens.at(TokenType.PRINT_END) || tokens.at(TokenType.BLOCK_END) || tokens.atOperator(")");
    }

    private List<Expression> elements(String closer) {
        List<Expression> elements = new ArrayList<>();
        while (!tokens.skipOperator(closer)) {
            if (!elements.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.skipOperator(closer)) {
                    break;
                }
            }
            elements.add(expressions.expression());
        }
        return List.copyOf(elements);
    }

    private Expression mapping(int line) {
        List<Entry> entries = new ArrayList<>();
        while (!tokens.skipOperator("}")) {
            if (!entries.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.skipOperator("}")) {
                    break;
                }
            }
            Expression key = expressions.expression();
            tokens.expectOperator(":");
            entries.add(new Entry(key, expressions.expression()));
        }
        return new Mapping(line, List.copyOf(entries));
    }

    /** An expression with the attributes, items and calls behind it. */
    Expression subscripted(Expression target) {
        Expression result = target;
        while (true) {
            if (tokens.atOperator(".")) {
                result = attribute(result);
            } else if (tokens.atOperator("[")) {
                result = item(result);
            } else if (tokens.atOperator("(")) {
                result = new Call(tokens.current().line(), result, arguments());
            } else {
                return result;
            }
        }
    }

    /** An expression with the filters, tests and calls behind it. */
    Expression filtered(Expression target) {
        Expression result = target;
        while (true) {
            if (tokens.atOperator("|")) {
                tokens.next();
                result = filter(result);
            } else if (tokens.atName("is")) {
                result = test(result);
            } else if (tokens.atOperator("(")) {
                result = new Call(tokens.current().line(), result, arguments());
            } else {
                return result;
            }
        }
    }

    /** An expression with the filter whose name comes next. */
    Expression filter(Expression target) {
        Token name = tokens.expect(TokenType.NAME, "the name of a filter");
        return new Filter(name.line(), target, name.text(), tokens.atOperator("(") ? arguments() : List.of());
    }

    private Expression attribute(Expression target) {
        int line = tokens.next().line();
        if (tokens.at(TokenType.INTEGER)) {
            Token index = tokens.next();
            return new Item(line, target, new Literal(index.line(), integer(index)));
        }
        return new Attribute(
                line, target, tokens.expect(TokenType.NAME, "a name after '.'").text());
    }

    private Expression item(Expression target) {
        int line = tokens.next().line();
        Expression start = tokens.atOperator(":") ? null : expressions.tuple();
        if (start != null && tokens.skipOperator("]")) {
            return new Item(line, target, start);
        }
        tokens.expectOperator(":");
        Expression stop = bound();
        Expression step = tokens.skipOperator(":") ? bound() : null;
        tokens.expectOperator("]");
        return new Slice(line, target, start, stop, step);
    }

    private @Nullable Expression bound() {
        return tokens.atOperator(":") || tokens.atOperator("]") ? null : expressions.expression();
    }

    private Expression test(Expression target) {
        int line = tokens.next().line();
        boolean negated = tokens.skipName("not");
        String name =
                tokens.expect(TokenType.NAME, "the name of a test after 'is'").text();
        List<Argument> arguments = List.of();
        if (tokens.atOperator("(")) {
            arguments = arguments();
        } else if (atOperandOfTest()) {
            tokens.enter();
            arguments = List.of(new Argument(Argument.Kind.POSITIONAL, null, subscripted(primary())));
            tokens.leave();
        }
        Expression test = new Test(line, target, name, arguments);
        return negated ? new Not(line, test) : test;
    }

    private boolean atOperandOfTest() {
        return switch (tokens.current().type()) {
            case NAME -> !AFTER_TEST.contains(tokens.current().text());
            case STRING, INTEGER, REAL -> true;
            case OPERATOR -> tokens.atOperator("[") || tokens.atOperator("{");
            case DATA, PRINT_BEGIN, PRINT_END, BLOCK_BEGIN, BLOCK_END, END -> false;
        };
    }

    private List<Argument> arguments() {
        tokens.expectOperator("(");
        List<Argument> arguments = new ArrayList<>();
        while (!tokens.skipOperator(")")) {
            if (!arguments.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.skipOperator(")")) {
                    break;
                }
            }
            arguments.add(argument());
        }
        return List.copyOf(arguments);
    }

    private Argument argument() {
        if (tokens.skipOperator("*")) {
            return new Argument(Argument.Kind.SPREAD_LIST, null, expressions.expression());
        }
        if (tokens.skipOperator("**")) {
            return new Argument(Argument.Kind.SPREAD_MAPPING, null, expressions.expression());
        }
        if (tokens.at(TokenType.NAME) && tokens.followedByOperator("=")) {
            String name = tokens.next().text();
            tokens.next();
            return new Argument(Argument.Kind.NAMED, name, expressions.expression());
        }
        return new Argument(Argument.Kind.POSITIONAL, null, expressions.expression());
    }
}
