package io.tributary.tokenizers.template;

/** Operations on two numbers, as Python has them: division rounds down, and a remainder has the sign of the divisor. */
final class Arithmetic {
    private Arithmetic() {}

    static NumberValue binary(String operator, NumberValue left, NumberValue right) {
        boolean integral = left.isIntegral() && right.isIntegral();
        try {
            return integral && !operator.equals("/")
                    ? integral(operator, left.integer(), right.integer())
                    : new RealValue(real(operator, left.real(), right.real()));
        } catch (ArithmeticException overflow) {
            throw new TemplateFault("the result of '" + operator + "' has more than 64 bits");
        }
    }

    private static NumberValue integral(String operator, long left, long right) {
        return switch (operator) {
            case "+" -> new IntValue(Math.addExact(left, right));
            case "-" -> new IntValue(Math.subtractExact(left, right));
            case "*" -> new IntValue(Math.multiplyExact(left, right));
            case "//" -> new IntValue(Math.floorDivExact(left, divisor(right)));
            case "%" -> new IntValue(Math.floorMod(left, divisor(right)));
            case "**" -> right < 0 ? new RealValue(real(operator, (double) left, (double) right)) : power(left, right);
            default -> throw new IllegalArgumentException(operator);
        };
    }

    private static long divisor(long value) {
        if (value == 0) {
            throw new TemplateFault("there is a division by zero");
        }
        return value;
    }

    private static IntValue power(long base, long exponent) {
        long result = 1;
        long square = base;
        for (long rest = exponent; rest > 0; rest >>= 1) {
            if ((rest & 1) == 1) {
                result = Math.multiplyExact(result, square);
            }
            if (rest > 1 && (square < -1 || square > 1)) {
                square = Math.multiplyExact(square, square);
            } else if (rest > 1) {
                square *= square;
            }
        }
        return new IntValue(result);
    }

    private static double real(String operator, double left, double right) {
        return switch (operator) {
            case "+" -> left + right;
            case "-" -> left - right;
            case "*" -> left * right;
            case "/" -> left / divisor(right);
            case "//" -> Math.floor(left / divisor(right));
            case "%" -> modulo(left, divisor(right));
            case "**" -> Math.pow(left, right);
            default -> throw new IllegalArgumentException(operator);
        };
    }

    private static double divisor(double value) {
        divisor(value == 0 ? 0L : 1L);
        return value;
    }

    private static double modulo(double left, double right) {
        double remainder = left % right;
        return remainder != 0 && (remainder < 0) != (right < 0) ? remainder + right : remainder;
    }
}
