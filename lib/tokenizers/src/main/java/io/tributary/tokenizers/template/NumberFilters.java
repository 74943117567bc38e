package io.tributary.tokenizers.template;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Filters that make numbers. */
final class NumberFilters {
    private static final Pattern REAL = Pattern.compile(
            "[-+]?(?:(?:\\d+(?:_\\d+)*)?\\.?\\d+(?:_\\d+)*\\.?(?:[eE][-+]?\\d+)?|inf|infinity|nan)",
            Pattern.CASE_INSENSITIVE);
    private static final int MAXIMAL_DIGITS = 300;
    private static final int DECIMAL = 10;

    private NumberFilters() {}

    static Stream<Builtin> all() {
        return Stream.of(
                Builtin.of("abs", "", NumberFilters::absolute),
                Builtin.of("int", "default?, base?", NumberFilters::integer),
                Builtin.of("float", "default?", NumberFilters::real),
                Builtin.of("round", "precision?, method?", NumberFilters::rounded));
    }

    private static NumberValue number(Value value) {
        return switch (value) {
            case NumberValue number -> number;
            case UndefinedValue undefined -> throw undefined.fault();
            default -> throw new TemplateFault("wanted is a number, not a " + value.type());
        };
    }

    private static Value absolute(BuiltinCall call) {
        NumberValue number = number(call.self());
        return number instanceof RealValue real
                ? new RealValue(Math.abs(real.real()))
                : number.integer() < 0 ? Operators.signed(true, number) : new IntValue(number.integer());
    }

    private static Value integer(BuiltinCall call) {
        OptionalLong integer =
                switch (call.self()) {
                    case TextValue text -> parsedInteger(text.string().strip(), call.count(1, DECIMAL));
                    case NumberValue number -> truncated(number.real(), number);
                    default -> OptionalLong.empty();
                };
        return integer.isPresent() ? new IntValue(integer.getAsLong()) : call.value(0, new IntValue(0));
    }

    private static OptionalLong truncated(double real, NumberValue number) {
        return Double.isFinite(real) && Math.abs(real) < Long.MAX_VALUE
                ? OptionalLong.of(number.integer())
                : OptionalLong.empty();
    }

    private static OptionalLong parsedInteger(String text, int base) {
        try {
            return OptionalLong.of(Long.parseLong(withoutPrefix(text, base).replace("_", ""), base));
        } catch (NumberFormatException noInteger) {
            OptionalDouble real = parsedReal(text);
            return real.isPresent()
                    ? truncated(real.getAsDouble(), new RealValue(real.getAsDouble()))
                    : OptionalLong.empty();
        }
    }

    private static String withoutPrefix(String text, int base) {
        String prefix =
                switch (base) {
                    case 2 -> "0b";
                    case 8 -> "0o";
                    case 16 -> "0x";
                    default -> "";
                };
        return text.regionMatches(true, 0, prefix, 0, prefix.length()) ? text.substring(prefix.length()) : text;
    }

    private static OptionalDouble parsedReal(String text) {
        if (text.length() > MAXIMAL_DIGITS || !REAL.matcher(text).matches()) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(
                switch (Character.toLowerCase(text.charAt(text.length() - 1))) {
                    case 'f', 'y' -> text.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
                    case 'n' -> Double.NaN;
                    default -> Double.parseDouble(text.replace("_", ""));
                });
    }

    private static Value real(BuiltinCall call) {
        OptionalDouble real =
                switch (call.self()) {
                    case TextValue text -> parsedReal(text.string().strip());
                    case NumberValue number -> OptionalDouble.of(number.real());
                    default -> OptionalDouble.empty();
                };
        return real.isPresent() ? new RealValue(real.getAsDouble()) : call.value(0, new RealValue(0));
    }

    private static Value rounded(BuiltinCall call) {
        NumberValue number = number(call.self());
        int precision = Math.clamp(call.count(0, 0), -MAXIMAL_DIGITS, MAXIMAL_DIGITS);
        RoundingMode mode =
                switch (call.text(1, "common").string()) {
                    case "common" -> RoundingMode.HALF_EVEN;
                    case "ceil" -> RoundingMode.CEILING;
                    case "floor" -> RoundingMode.FLOOR;
                    default -> throw new TemplateFault("the method of round is common, ceil or floor");
                };
        if (!Double.isFinite(number.real())) {
            return number;
        }
        if (mode == RoundingMode.HALF_EVEN) {
            BigDecimal rounded = exact(number).setScale(precision, mode);
            return number.isIntegral() ? new IntValue(rounded.longValue()) : new RealValue(rounded.doubleValue());
        }
        double scale = Math.pow(DECIMAL, precision);
        double scaled = number.real() * scale;
        return new RealValue((mode == RoundingMode.CEILING ? Math.ceil(scaled) : Math.floor(scaled)) / scale);
    }

    private static BigDecimal exact(NumberValue number) {
        return number.isIntegral() ? BigDecimal.valueOf(number.integer()) : new BigDecimal(number.real());
    }
}
