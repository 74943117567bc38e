package io.tributary.tokenizers.template;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How one value is formatted: the part of Python's format specifications that is common to {@code %} and {@code format}.
 *
 * @param align {@code <}, {@code >} or {@code ^}; 0 for the usual side
 * @param precision digits after the point, or the longest text; -1 for the usual
 * @param type the letter; 0 for none
 */
record FormatSpecification(char align, String fill, boolean sign, boolean groups, int width, int precision, char type) {
    private static final Pattern WRITTEN = Pattern.compile(
            "(?:(?<fill>.)?(?<align>[<>^]))?(?<sign>\\+)?(?<zero>0)?(?<width>\\d{1,4})?(?<comma>,)?"
                    + "(?:\\.(?<precision>\\d{1,2}))?(?<type>[sdfxXeEgr%])?",
            Pattern.DOTALL);
    private static final int DEFAULT_PRECISION = 6;
    private static final int HEXADECIMAL = 16;
    private static final int PERCENT = 100;

    /** Reads what is written after the colon. */
    static FormatSpecification parse(String written) {
        Matcher matcher = WRITTEN.matcher(written);
        if (!matcher.matches()) {
            throw new TemplateFault("the format '" + written + "' is not known");
        }
        boolean zero = matcher.group("zero") != null;
        String fill = matcher.group("fill");
        return new FormatSpecification(
                character(matcher.group("align")),
                fill != null ? fill : zero ? "0" : " ",
                matcher.group("sign") != null,
                matcher.group("comma") != null,
                number(matcher.group("width"), 0),
                number(matcher.group("precision"), -1),
                character(matcher.group("type")));
    }

    private static char character(String written) {
        return written == null ? 0 : written.charAt(0);
    }

    private static int number(String written, int byDefault) {
        return written == null ? byDefault : Integer.parseInt(written);
    }

    TextValue format(Value value, Meter meter) {
        boolean numeric = value instanceof NumberValue && type != 's' && type != 'r';
        TextValue text = numeric ? TextValue.trusted(number((NumberValue) value)) : text(value, meter);
        int missing = width - CodePoints.count(text);
        char side = align != 0 ? align : numeric ? '>' : '<';
        if (missing <= 0) {
            return text;
        }
        if (numeric && fill.equals("0") && align == 0) {
            String written = text.string();
            int signs = written.startsWith("-") || written.startsWith("+") ? 1 : 0;
            return TextValue.trusted(written.substring(0, signs) + "0".repeat(missing) + written.substring(signs));
        }
        int before = side == '>' ? missing : side == '^' ? missing / 2 : 0;
        return Texts.padded(text, before, missing - before, TextValue.trusted(fill), meter);
    }

    private TextValue text(Value value, Meter meter) {
        if (type != 0 && type != 's' && type != 'r') {
            throw new TemplateFault("the format '" + type + "' needs a number, not a " + value.type());
        }
        TextValue text = type == 'r' ? PythonText.repr(value, meter) : PythonText.str(value, meter);
        return precision < 0 ? text : CodePoints.part(text, 0, Math.min(precision, CodePoints.count(text)));
    }

    private String number(NumberValue number) {
        String written =
                switch (type) {
                    case 'd' -> Long.toString(number.integer());
                    case 'x', 'X' -> hexadecimal(number.integer());
                    case 'f' -> fixed(number.real(), precision < 0 ? DEFAULT_PRECISION : precision);
                    case '%' -> fixed(number.real() * PERCENT, precision < 0 ? DEFAULT_PRECISION : precision) + "%";
                    case 0 -> PythonNumbers.written(number);
                    default -> throw new TemplateFault("the format '" + type + "' is not supported for numbers");
                };
        String grouped = groups ? grouped(written) : written;
        return sign && !grouped.startsWith("-") ? "+" + grouped : grouped;
    }

    private String hexadecimal(long number) {
        String digits = Long.toString(number, HEXADECIMAL);
        return type == 'X' ? digits.toUpperCase(Locale.ROOT) : digits;
    }

    static String fixed(double real, int digits) {
        return Double.isFinite(real)
                ? new BigDecimal(real).setScale(digits, RoundingMode.HALF_EVEN).toPlainString()
                : PythonNumbers.written(real);
    }

    private static String grouped(String written) {
        int point = written.indexOf('.');
        String whole = point < 0 ? written : written.substring(0, point);
        return whole.replaceAll("(?<=\\d)(?=(\\d{3})+$)", ",") + written.substring(whole.length());
    }
}
