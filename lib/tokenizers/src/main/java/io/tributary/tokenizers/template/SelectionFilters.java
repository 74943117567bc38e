package io.tributary.tokenizers.template;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Filters that apply a filter or a test to every element. */
final class SelectionFilters {
    private SelectionFilters() {}

    static Stream<Builtin> all() {
        return Stream.of(
                Builtin.variadic("map", SelectionFilters::mapped),
                Builtin.variadic("select", call -> selected(call, test(call, 0))),
                Builtin.variadic("reject", call -> selected(call, test(call, 0).negate())),
                Builtin.variadic("selectattr", call -> selected(call, attributeTest(call))),
                Builtin.variadic(
                        "rejectattr", call -> selected(call, attributeTest(call).negate())));
    }

    private static Value mapped(BuiltinCall call) {
        Arguments arguments = call.arguments();
        List<Value> results = new ArrayList<>();
        Value attribute = arguments.named().get("attribute");
        AttributePath path = attribute == null ? null : AttributePath.of(attribute);
        for (Value element : call.elements()) {
            call.meter().spend(1);
            results.add(
                    path == null
                            ? call.evaluation().filter(name(call, 0), element, arguments.from(1))
                            : path.of(element, arguments.named().get("default"), call.meter()));
        }
        return ListValue.list(results);
    }

    private static String name(BuiltinCall call, int index) {
        List<Value> positional = call.arguments().positional();
        if (index >= positional.size()) {
            throw new TemplateFault("'" + call.name() + "' needs its argument number " + (index + 1));
        }
        return Operators.text(positional.get(index)).string();
    }

    private static Value selected(BuiltinCall call, Predicate<Value> condition) {
        List<Value> selected = new ArrayList<>();
        for (Value element : call.elements()) {
            call.meter().spend(1);
            if (condition.test(element)) {
                selected.add(element);
            }
        }
        return ListValue.list(selected);
    }

    /** The test that is named by the argument; without one, whether the value is true. */
    private static Predicate<Value> test(BuiltinCall call, int index) {
        if (call.arguments().positional().size() <= index) {
            return Value::truth;
        }
        String name = name(call, index);
        Arguments rest = call.arguments().from(index + 1);
        return element -> call.evaluation().test(name, element, rest);
    }

    private static Predicate<Value> attributeTest(BuiltinCall call) {
        name(call, 0);
        AttributePath path = AttributePath.of(call.arguments().positional().getFirst());
        Predicate<Value> test = test(call, 1);
        return element -> test.test(path.of(element, null, call.meter()));
    }
}
