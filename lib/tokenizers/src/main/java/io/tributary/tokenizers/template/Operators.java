package io.tributary.tokenizers.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Python's operators. */
final class Operators {
    private Operators() {}

    static Value binary(String operator, Value left, Value right, Meter meter) {
        if (operator.equals("~")) {
            return concatenated(PythonText.str(left, meter), PythonText.str(right, meter), meter);
        }
        requireDefined(left);
        requireDefined(right);
        if (left instanceof NumberValue a && right instanceof NumberValue b) {
            return Arithmetic.binary(operator, a, b);
        }
        if (operator.equals("%") && left instanceof TextValue format) {
            return PrintfFormat.format(format, right, meter);
        }
        return switch (operator) {
            case "+" -> sum(left, right, meter);
            case "*" -> repeated(left, right, meter);
            default -> throw unsupported(operator, left, right);
        };
    }

    private static void requireDefined(Value value) {
        if (value instanceof UndefinedValue undefined) {
            throw undefined.fault();
        }
    }

    static TemplateFault unsupported(String operator, Value left, Value right) {
        return new TemplateFault("'" + operator + "' cannot be applied to " + left.type() + " and " + right.type());
    }

    static TextValue concatenated(TextValue left, TextValue right, Meter meter) {
        return new TextBuilder(meter).append(left).append(right).build();
    }

    private static Value sum(Value left, Value right, Meter meter) {
        if (left instanceof TextValue a && right instanceof TextValue b) {
            return concatenated(a, b, meter);
        }
        if (left instanceof ListValue a && right instanceof ListValue b && a.tuple() == b.tuple()) {
            meter.spend(a.elements().size() + b.elements().size());
            List<Value> elements = new ArrayList<>(a.elements());
            elements.addAll(b.elements());
            return a.tuple() ? ListValue.tuple(elements) : ListValue.list(elements);
        }
        throw unsupported("+", left, right);
    }

    private static Value repeated(Value left, Value right, Meter meter) {
        if (right instanceof NumberValue count && count.isIntegral()) {
            int times = Math.clamp(count.integer(), 0, Integer.MAX_VALUE);
            if (left instanceof TextValue text) {
                return repeated(text, times, meter);
            }
            if (left instanceof ListValue list) {
                meter.spend((long) list.elements().size() * times);
                List<Value> elements = new ArrayList<>();
                Collections.nCopies(list.elements().isEmpty() ? 0 : times, list)
                        .forEach(each -> elements.addAll(each.elements()));
                return list.tuple() ? ListValue.tuple(elements) : ListValue.list(elements);
            }
        } else if (left instanceof NumberValue count && count.isIntegral() && !(right instanceof NumberValue)) {
            return repeated(right, left, meter);
        }
        throw unsupported("*", left, right);
    }

    static TextValue repeated(TextValue text, int times, Meter meter) {
        meter.produce((long) text.length() * times);
        if (text.isTrusted()) {
            return TextValue.trusted(text.string().repeat(times));
        }
        TextBuilder target = new TextBuilder(meter);
        for (int time = 0; time < times; time++) {
            target.append(text);
        }
        return target.build();
    }

    static Value signed(boolean negative, Value operand) {
        requireDefined(operand);
        return switch (operand) {
            case RealValue real -> negative ? new RealValue(-real.real()) : real;
            case NumberValue number when !negative -> new IntValue(number.integer());
            case NumberValue number when number.integer() != Long.MIN_VALUE -> new IntValue(-number.integer());
            default -> throw new TemplateFault("a " + operand.type() + " can have no sign");
        };
    }

    static boolean holds(String operator, Value left, Value right, Meter meter) {
        return switch (operator) {
            case "==" -> equal(left, right, meter);
            case "!=" -> !equal(left, right, meter);
            case "<" -> compared(left, right, meter) < 0;
            case "<=" -> compared(left, right, meter) <= 0;
            case ">" -> compared(left, right, meter) > 0;
            case ">=" -> compared(left, right, meter) >= 0;
            case "in" -> contains(right, left, meter);
            case "not in" -> !contains(right, left, meter);
            default -> throw new IllegalArgumentException(operator);
        };
    }

    static boolean equal(Value left, Value right, Meter meter) {
        meter.spend(Math.min(left.extent().weight(), right.extent().weight()));
        return left.equals(right);
    }

    private static int compared(Value left, Value right, Meter meter) {
        requireDefined(left);
        requireDefined(right);
        meter.spend(Math.min(left.extent().weight(), right.extent().weight()));
        return compare(left, right);
    }

    /** Which of two values is less: numbers, texts or lists. The caller pays. */
    static int compare(Value left, Value right) {
        if (left instanceof NumberValue a && right instanceof NumberValue b) {
            return a.isIntegral() && b.isIntegral()
                    ? Long.compare(a.integer(), b.integer())
                    : Double.compare(a.real(), b.real());
        }
        if (left instanceof TextValue a && right instanceof TextValue b) {
            return compare(a.string(), b.string());
        }
        if (left instanceof ListValue a && right instanceof ListValue b && a.tuple() == b.tuple()) {
            return compare(a.elements(), b.elements());
        }
        throw new TemplateFault("a " + left.type() + " cannot be compared with a " + right.type());
    }

    private static int compare(List<Value> left, List<Value> right) {
        for (int index = 0; index < Math.min(left.size(), right.size()); index++) {
            if (!left.get(index).equals(right.get(index))) {
                return compare(left.get(index), right.get(index));
            }
        }
        return Integer.compare(left.size(), right.size());
    }

    /** By code points, not by UTF-16 units. */
    private static int compare(String left, String right) {
        int index = 0;
        while (index < Math.min(left.length(), right.length()) && left.charAt(index) == right.charAt(index)) {
            index++;
        }
        if (index == left.length() || index == right.length()) {
            return Integer.compare(left.length(), right.length());
        }
        char a = left.charAt(index);
        char b = right.charAt(index);
        return Character.isSurrogate(a) == Character.isSurrogate(b)
                ? Character.compare(a, b)
                : Boolean.compare(Character.isSurrogate(a), Character.isSurrogate(b));
    }

    static boolean contains(Value container, Value item, Meter meter) {
        meter.spend(item.extent().weight());
        return switch (container) {
            case TextValue text -> {
                Texts.paySearch(text, text(item), meter);
                yield text.string().contains(text(item).string());
            }
            case ListValue list -> {
                meter.spend(list.extent().weight());
                yield list.elements().contains(item);
            }
            case MappingValue mapping -> mapping.entries().containsKey(MappingValue.key(item, meter));
            case UndefinedValue undefined -> false;
            default -> throw new TemplateFault("nothing can be in a value of type " + container.type());
        };
    }

    /** The value as an integer. */
    static long integer(Value value) {
        requireDefined(value);
        if (value instanceof NumberValue number && number.isIntegral()) {
            return number.integer();
        }
        throw new TemplateFault("wanted is an integer, not a " + value.type());
    }

    /** The value as a text. */
    static TextValue text(Value value) {
        requireDefined(value);
        if (value instanceof TextValue text) {
            return text;
        }
        throw new TemplateFault("wanted is a text, not a " + value.type());
    }

    /** The value as a mapping. */
    static MappingValue mapping(Value value) {
        requireDefined(value);
        if (value instanceof MappingValue mapping) {
            return mapping;
        }
        throw new TemplateFault("wanted is a mapping, not a " + value.type());
    }
}
