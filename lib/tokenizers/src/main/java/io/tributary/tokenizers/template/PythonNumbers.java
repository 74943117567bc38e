package io.tributary.tokenizers.template;

import java.math.BigDecimal;

/** How Python writes numbers. */
final class PythonNumbers {
    private static final int FIRST_SCIENTIFIC_EXPONENT = 16;
    private static final int LAST_SCIENTIFIC_EXPONENT = -5;
    private static final int MINIMAL_EXPONENT = 10;

    private PythonNumbers() {}

    static String written(NumberValue number) {
        return switch (number) {
            case BoolValue bool -> bool.value() ? "True" : "False";
            case IntValue integer -> Long.toString(integer.integer());
            case RealValue real -> written(real.real());
        };
    }

    /** The shortest digits that give the number back, with an exponent for very large and very small ones. */
    static String written(double real) {
        if (Double.isNaN(real)) {
            return "nan";
        }
        if (Double.isInfinite(real)) {
            return real > 0 ? "inf" : "-inf";
        }
        String sign = Double.doubleToRawLongBits(real) < 0 ? "-" : "";
        if (real == 0) {
            return sign + "0.0";
        }
        BigDecimal exact = new BigDecimal(Double.toString(Math.abs(real))).stripTrailingZeros();
        int exponent = exact.precision() - exact.scale() - 1;
        return sign
                + (exponent >= FIRST_SCIENTIFIC_EXPONENT || exponent <= LAST_SCIENTIFIC_EXPONENT
                        ? scientific(exact.unscaledValue().toString(), exponent)
                        : positional(exact));
    }

    private static String positional(BigDecimal exact) {
        return exact.scale() <= 0 ? exact.toPlainString() + ".0" : exact.toPlainString();
    }

    private static String scientific(String digits, int exponent) {
        String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        int size = Math.abs(exponent);
        return mantissa + "e" + (exponent < 0 ? "-" : "+") + (size < MINIMAL_EXPONENT ? "0" : "") + size;
    }
}
