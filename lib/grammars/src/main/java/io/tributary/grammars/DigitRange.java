package io.tributary.grammars;

import io.tributary.grammars.Expression.OneOf;
import io.tributary.grammars.Expression.Repeat;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * The digits of numbers between two bounds, without leading zeros.
 *
 * @param fraction how many of the last digits stand after a point; 0 for whole numbers
 */
record DigitRange(int fraction) {
    /** Numbers from low to high, both included and neither negative; nothing matches if low is above high. */
    Expression between(BigInteger low, BigInteger high) {
        List<Expression> options = new ArrayList<>();
        if (low.compareTo(high) <= 0) {
            for (int width = Math.max(fraction + 1, low.toString().length());
                    width <= Math.max(fraction + 1, high.toString().length());
                    width++) {
                BigInteger least = width == fraction + 1 ? BigInteger.ZERO : BigInteger.TEN.pow(width - 1);
                BigInteger most = BigInteger.TEN.pow(width).subtract(BigInteger.ONE);
                options.add(sameWidth(padded(low.max(least), width), padded(high.min(most), width)));
            }
        }
        return Expression.choice(options);
    }

    private static String padded(BigInteger number, int width) {
        String digits = number.toString();
        return "0".repeat(width - digits.length()) + digits;
    }

    private Expression sameWidth(String low, String high) {
        if (low.isEmpty()) {
            return Expression.EMPTY;
        }
        String lowRest = low.substring(1);
        String highRest = high.substring(1);
        if (low.charAt(0) == high.charAt(0)) {
            return Expression.sequence(
                    digits(low.charAt(0), low.charAt(0), lowRest.length()), sameWidth(lowRest, highRest));
        }
        String zeros = "0".repeat(lowRest.length());
        String nines = "9".repeat(lowRest.length());
        int from = low.charAt(0) + (lowRest.equals(zeros) ? 0 : 1);
        int to = high.charAt(0) - (highRest.equals(nines) ? 0 : 1);
        List<Expression> options = new ArrayList<>();
        if (from > low.charAt(0)) {
            options.add(Expression.sequence(
                    digits(low.charAt(0), low.charAt(0), lowRest.length()), sameWidth(lowRest, nines)));
        }
        if (from <= to) {
            options.add(Expression.sequence(digits(from, to, lowRest.length()), free(lowRest.length())));
        }
        if (to < high.charAt(0)) {
            options.add(Expression.sequence(
                    digits(high.charAt(0), high.charAt(0), lowRest.length()), sameWidth(zeros, highRest)));
        }
        return Expression.choice(options);
    }

    /** One digit, and the point if it stands before the {@code rest} digits that follow. */
    private Expression digits(int from, int to, int rest) {
        OneOf digit = new OneOf(CharacterSet.range(from, to));
        return rest == fraction && fraction > 0 ? Expression.sequence(digit, Expression.text(".")) : digit;
    }

    private Expression free(int count) {
        if (count <= fraction || fraction == 0) {
            return new Repeat(JsonText.DIGIT, count, count);
        }
        return Expression.sequence(
                new Repeat(JsonText.DIGIT, count - fraction, count - fraction),
                Expression.text("."),
                new Repeat(JsonText.DIGIT, fraction, fraction));
    }
}
