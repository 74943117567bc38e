package io.tributary.tokenizers.template;

import io.tributary.tokenizers.template.Expression.Binary;
import io.tributary.tokenizers.template.Expression.Comparison;
import io.tributary.tokenizers.template.Expression.Conditional;
import io.tributary.tokenizers.template.Expression.Logical;
import io.tributary.tokenizers.template.Expression.Not;
import io.tributary.tokenizers.template.Expression.Operand;
import io.tributary.tokenizers.template.Expression.Signed;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Expressions, from the operators that bind least to those that bind most. Source of the order: jinja2.parser. */
final class ExpressionParser {
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
    private static final Set<String> SUMS = Set.of("+", "-");
    private static final Set<String> CONCATENATIONS = Set.of("~");
    private static final Set<String> PRODUCTS = Set.of("*", "/", "//", "%");
    private static final Set<String> POWERS = Set.of("**");

    private final TokenStream tokens;
    private final PrimaryParser primaries;

    ExpressionParser(TokenStream tokens) {
        this.tokens = tokens;
        this.primaries = new PrimaryParser(tokens, this);
    }

    /** An expression, or several with commas between them, which are a tuple. */
    Expression tuple() {
        int line = tokens.current().line();
        Expression first = expression();
        return tokens.atOperator(",") ? primaries.restOfTuple(line, first) : first;
    }

    /** An expression without commas. */
    Expression expression() {
        return nested(() -> {
            Expression value = disjunction();
            while (tokens.atName("if")) {
                int line = tokens.next().line();
                Expression condition = disjunction();
                Expression otherwise = tokens.skipName("else") ? expression() : null;
                value = new Conditional(line, condition, value, otherwise);
            }
            return value;
        });
    }

    /** An expression that ends in front of an {@code if}. */
    Expression withoutCondition() {
        int line = tokens.current().line();
        Expression first = nested(this::disjunction);
        return tokens.atOperator(",") ? primaries.restOfTuple(line, first) : first;
    }

    /** An expression with calls and filters that begins with the given one. */
    Expression filtered(Expression target) {
        return primaries.filtered(target);
    }

    /** The filters of a filter block, the first of which has no bar in front of it, applied to the given expression. */
    Expression filterBlock(Expression target) {
        return primaries.filtered(primaries.filter(target));
    }

    private Expression nested(Supplier<Expression> parser) {
        tokens.enter();
        Expression result = parser.get();
        tokens.leave();
        return result;
    }

    private Expression disjunction() {
        Expression left = conjunction();
        while (tokens.atName("or")) {
            left = new Logical(tokens.next().line(), false, left, conjunction());
        }
        return left;
    }

    private Expression conjunction() {
        Expression left = negation();
        while (tokens.atName("and")) {
            left = new Logical(tokens.next().line(), true, left, negation());
        }
        return left;
    }

    private Expression negation() {
        if (!tokens.atName("not")) {
            return comparison();
        }
        int line = tokens.next().line();
        return new Not(line, nested(this::negation));
    }

    private Expression comparison() {
        int line = tokens.current().line();
        Expression first = sum();
        List<Operand> rest = new ArrayList<>();
        for (String operator = comparisonOperator(); operator != null; operator = comparisonOperator()) {
            rest.add(new Operand(operator, sum()));
        }
        return rest.isEmpty() ? first : new Comparison(line, first, List.copyOf(rest));
    }

    private @Nullable String comparisonOperator() {
        if (tokens.at(TokenType.OPERATOR)
                && COMPARISONS.contains(tokens.current().text())) {
            return tokens.next().text();
        }
        if (tokens.skipName("in")) {
            return "in";
        }
        if (tokens.atNames("not", "in")) {
            tokens.next();
            tokens.next();
            return "not in";
        }
        return null;
    }

    private Expression sum() {
        return binary(SUMS, this::concatenation);
    }

    private Expression concatenation() {
        return binary(CONCATENATIONS, this::product);
    }

    private Expression product() {
        return binary(PRODUCTS, this::power);
    }

    private Expression power() {
        return binary(POWERS, () -> unary(true));
    }

    private Expression binary(Set<String> operators, Supplier<Expression> operand) {
        Expression left = operand.get();
        while (tokens.at(TokenType.OPERATOR)
                && operators.contains(tokens.current().text())) {
            Token operator = tokens.next();
            left = new Binary(operator.line(), operator.text(), left, operand.get());
        }
        return left;
    }

    private Expression unary(boolean takesFilters) {
        if (tokens.atOperator("-") || tokens.atOperator("+")) {
            Token sign = tokens.next();
            Expression signed = new Signed(sign.line(), sign.text().equals("-"), nested(() -> unary(false)));
            return takesFilters ? primaries.filtered(signed) : signed;
        }
        Expression primary = primaries.subscripted(primaries.primary());
        return takesFilters ? primaries.filtered(primary) : primary;
    }
}
