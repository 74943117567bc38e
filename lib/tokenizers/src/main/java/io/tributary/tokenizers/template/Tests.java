package io.tributary.tokenizers.template;

import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The tests behind {@code is}. Source: jinja2.tests. */
final class Tests {
    static final Map<String, Builtin> BY_NAME =
            Builtin.byName(Stream.of(kinds(), values(), comparisons()).flatMap(each -> each));

    private Tests() {}

    private static Builtin test(String name, Predicate<Value> predicate) {
        return Builtin.of(name, "", call -> BoolValue.of(predicate.test(call.self())));
    }

    private static Stream<Builtin> kinds() {
        return Stream.of(
                test("defined", value -> !(value instanceof UndefinedValue)),
                test("undefined", value -> value instanceof UndefinedValue),
                test("none", value -> value == NoneValue.NONE),
                test("string", value -> value instanceof TextValue),
                test("mapping", value -> value instanceof MappingValue),
                test("iterable", Tests::isIterable),
                test("sequence", Tests::isIterable),
                test("number", value -> value instanceof NumberValue),
                test("integer", value -> value instanceof IntValue),
                test("float", value -> value instanceof RealValue),
                test("boolean", value -> value instanceof BoolValue),
                test("callable", value -> value instanceof FunctionValue));
    }

    private static boolean isIterable(Value value) {
        return value instanceof TextValue
                || value instanceof ListValue
                || value instanceof MappingValue
                || value instanceof UndefinedValue;
    }

    private static Stream<Builtin> values() {
        return Stream.of(
                test("true", value -> value instanceof BoolValue bool && bool.value()),
                test("false", value -> value instanceof BoolValue bool && !bool.value()),
                Builtin.of("odd", "", call -> BoolValue.of(remainder(call, 2) == 1)),
                Builtin.of("even", "", call -> BoolValue.of(remainder(call, 2) == 0)),
                Builtin.of("divisibleby", "num", call -> BoolValue.of(remainder(call, call.integer(0, 1)) == 0)),
                Builtin.of("upper", "", call -> {
                    TextValue text = call.printed();
                    return TextMethods.isCased(text, Texts.upper(text));
                }),
                Builtin.of("lower", "", call -> {
                    TextValue text = call.printed();
                    return TextMethods.isCased(text, Texts.lower(text));
                }),
                Builtin.of(
                        "filter",
                        "",
                        call -> BoolValue.of(
                                Filters.BY_NAME.containsKey(call.printed().string()))),
                Builtin.of(
                        "test",
                        "",
                        call -> BoolValue.of(
                                Tests.BY_NAME.containsKey(call.printed().string()))));
    }

    private static long remainder(BuiltinCall call, long divisor) {
        return Arithmetic.binary("%", new IntValue(Operators.integer(call.self())), new IntValue(divisor))
                .integer();
    }

    private static Stream<Builtin> comparisons() {
        return Stream.concat(
                Stream.of(
                                Map.entry("==", "eq equalto =="),
                                Map.entry("!=", "ne !="),
                                Map.entry("<", "lt lessthan <"),
                                Map.entry("<=", "le <="),
                                Map.entry(">", "gt greaterthan >"),
                                Map.entry(">=", "ge >="),
                                Map.entry("in", "in"))
                        .flatMap(entry ->
                                Stream.of(entry.getValue().split(" ")).map(name -> comparison(name, entry.getKey()))),
                Stream.of(Builtin.of(
                        "sameas",
                        "other",
                        call -> BoolValue.of(
                                call.self().type().equals(call.value(0).type())
                                        && Operators.equal(call.self(), call.value(0), call.meter())))));
    }

    private static Builtin comparison(String name, String operator) {
        return Builtin.of(
                name,
                "other",
                call -> BoolValue.of(Operators.holds(operator, call.self(), call.value(0), call.meter())));
    }
}
