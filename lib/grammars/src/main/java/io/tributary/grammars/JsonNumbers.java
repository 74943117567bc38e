package io.tributary.grammars;

import io.tributary.grammars.Expression.OneOf;
import io.tributary.grammars.Expression.Repeat;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Numbers of JSON texts between bounds. They have a bounded number of digits, so that no text can go on with digits for
 * ever.
 */
final class JsonNumbers {
    /** The whole numbers that are written: those of 18 digits, which fit 64 bits. */
    private static final int MAX_DIGITS = 18;

    private static final int MAX_FRACTION = 15;
    private static final BigDecimal LIMIT = BigDecimal.TEN.pow(MAX_DIGITS);
    private static final Expression FREE_FRACTION =
            Expression.sequence(Expression.text("."), new Repeat(JsonText.DIGIT, 1, MAX_FRACTION));

    private static final OneOf NOT_ZERO = new OneOf(CharacterSet.range('1', '9'));

    private JsonNumbers() {}

    /** An end of a range. */
    private record Bound(BigDecimal value, boolean exclusive) {
        Bound negated() {
            return new Bound(value.negate(), exclusive);
        }
    }

    /** A whole number within the bounds of a schema. */
    static Expression integer(SchemaNode schema) {
        Bound low = low(schema);
        Bound high = high(schema);
        BigInteger from =
                low == null ? LIMIT.negate().toBigInteger().add(BigInteger.ONE) : ceiling(low.value, low.exclusive);
        BigInteger to = high == null
                ? LIMIT.toBigInteger().subtract(BigInteger.ONE)
                : ceiling(high.value.negate(), high.exclusive).negate();
        List<Expression> options = new ArrayList<>();
        if (from.signum() < 0) {
            BigInteger least = to.negate().max(BigInteger.ONE);
            options.add(Expression.sequence(Expression.text("-"), new DigitRange(0).between(least, from.negate())));
        }
        options.add(new DigitRange(0).between(from.max(BigInteger.ZERO), to));
        return Expression.choice(options);
    }

    /** A number within the bounds of a schema; with an exponent only if there are none. */
    static Expression number(SchemaNode schema) {
        Bound low = low(schema);
        Bound high = high(schema);
        if (low == null && high == null) {
            return unbounded();
        }
        int fraction = Math.max(fractionDigits(low), fractionDigits(high));
        List<Expression> options = new ArrayList<>();
        if (low == null || low.value.signum() < 0) {
            Bound least = high == null || high.value.signum() >= 0 ? new Bound(BigDecimal.ZERO, true) : high.negated();
            options.add(Expression.sequence(
                    Expression.text("-"), magnitude(least, low == null ? null : low.negated(), fraction)));
        }
        if (high == null || high.value.signum() >= 0) {
            Bound least = low == null || low.value.signum() < 0 ? new Bound(BigDecimal.ZERO, false) : low;
            options.add(magnitude(least, high, fraction));
        }
        return Expression.choice(options);
    }

    private static Expression unbounded() {
        Expression exponent = Expression.sequence(
                new OneOf(CharacterSet.of("eE")),
                Expression.optional(new OneOf(CharacterSet.of("+-"))),
                new Repeat(JsonText.DIGIT, 1, 2));
        return Expression.sequence(
                Expression.optional(Expression.text("-")),
                Expression.choice(
                        Expression.text("0"),
                        Expression.sequence(NOT_ZERO, new Repeat(JsonText.DIGIT, 0, MAX_FRACTION - 1))),
                Expression.optional(FREE_FRACTION),
                Expression.optional(exponent));
    }

    /**
     * A number that is not negative: as many digits after the point as the bounds have decide, and those after them are
     * free, but next to a bound.
     */
    private static Expression magnitude(Bound low, @Nullable Bound high, int fraction) {
        BigInteger from = low.value.movePointRight(fraction).toBigIntegerExact();
        BigInteger to = high == null
                ? BigInteger.TEN.pow(MAX_DIGITS)
                : high.value.movePointRight(fraction).toBigIntegerExact();
        DigitRange range = new DigitRange(fraction);
        List<Expression> options = new ArrayList<>();
        Expression point = Expression.text(fraction == 0 ? "." : "");
        Expression free = Expression.sequence(point, new Repeat(JsonText.DIGIT, 1, MAX_FRACTION));
        BigInteger inner = low.exclusive ? from.add(BigInteger.ONE) : from;
        options.add(Expression.sequence(range.between(inner, to.subtract(BigInteger.ONE)), Expression.optional(free)));
        if (low.exclusive && from.compareTo(to) < 0) {
            Expression notZero = Expression.sequence(
                    point,
                    new Repeat(Expression.text("0"), 0, MAX_FRACTION - 1),
                    NOT_ZERO,
                    new Repeat(JsonText.DIGIT, 0, MAX_FRACTION - 1));
            options.add(Expression.sequence(range.between(from, from), notZero));
        }
        boolean nothing = from.equals(to) && low.exclusive;
        if (high != null && !high.exclusive && !nothing) {
            options.add(range.between(from.max(to), to));
        }
        return Expression.choice(options);
    }

    private static int fractionDigits(@Nullable Bound bound) {
        return bound == null ? 0 : Math.max(0, bound.value.scale());
    }

    private static @Nullable Bound low(SchemaNode schema) {
        return tighter(bound(schema, "minimum", false), bound(schema, "exclusiveMinimum", true), 1);
    }

    private static @Nullable Bound high(SchemaNode schema) {
        return tighter(bound(schema, "maximum", false), bound(schema, "exclusiveMaximum", true), -1);
    }

    private static @Nullable Bound tighter(@Nullable Bound inclusive, @Nullable Bound exclusive, int sign) {
        if (inclusive == null || exclusive == null) {
            return inclusive == null ? exclusive : inclusive;
        }
        return Integer.signum(inclusive.value.compareTo(exclusive.value)) == sign ? inclusive : exclusive;
    }

    private static @Nullable Bound bound(SchemaNode schema, String keyword, boolean exclusive) {
        BigDecimal value = schema.number(keyword);
        if (value == null) {
            return null;
        }
        if (value.abs().compareTo(LIMIT) >= 0) {
            throw schema.error(keyword, "bounds are of less than " + MAX_DIGITS + " digits; leave a wider one out");
        }
        if (value.precision() > 100 || value.stripTrailingZeros().scale() > MAX_FRACTION) {
            throw schema.error(keyword, "bounds have at most " + MAX_FRACTION + " digits after the point");
        }
        return new Bound(value.stripTrailingZeros(), exclusive);
    }

    private static BigInteger ceiling(BigDecimal value, boolean exclusive) {
        BigInteger ceiling = value.setScale(0, RoundingMode.CEILING).toBigIntegerExact();
        boolean whole = value.compareTo(new BigDecimal(ceiling)) == 0;
        return exclusive && whole ? ceiling.add(BigInteger.ONE) : ceiling;
    }
}
