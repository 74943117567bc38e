package io.tributary.tokenizers.template;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The methods of lists, tuples and mappings that change nothing. */
final class ContainerMethods {
    static final Map<String, Builtin> OF_LISTS = Builtin.byName(Stream.of(
            Builtin.of("copy", "", BuiltinCall::self),
            Builtin.of("count", "value", call -> {
                call.meter().spend(call.self().extent().weight());
                return new IntValue(Collections.frequency(list(call), call.value(0)));
            }),
            Builtin.of("index", "value", ContainerMethods::index)));

    static final Map<String, Builtin> OF_MAPPINGS = Builtin.byName(Stream.of(
            Builtin.of("copy", "", BuiltinCall::self),
            Builtin.of("items", "", call -> items((MappingValue) call.self(), call.meter())),
            Builtin.of(
                    "keys", "", call -> ListValue.list(List.copyOf(entries(call).keySet()))),
            Builtin.of(
                    "values",
                    "",
                    call -> ListValue.list(List.copyOf(entries(call).values()))),
            Builtin.of("get", "key, default?", call -> {
                Value value = entries(call).get(MappingValue.key(call.value(0), call.meter()));
                return value == null ? call.value(1, NoneValue.NONE) : value;
            })));

    private ContainerMethods() {}

    private static List<Value> list(BuiltinCall call) {
        return ((ListValue) call.self()).elements();
    }

    private static Value index(BuiltinCall call) {
        call.meter().spend(call.self().extent().weight());
        int index = list(call).indexOf(call.value(0));
        if (index < 0) {
            throw new TemplateFault("the value is not in the list");
        }
        return new IntValue(index);
    }

    private static Map<Value, Value> entries(BuiltinCall call) {
        Map<Value, Value> entries = ((MappingValue) call.self()).entries();
        call.meter().spend(call.name().equals("get") ? 1 : entries.size());
        return entries;
    }

    /** The entries as tuples of key and value. */
    static ListValue items(MappingValue mapping, Meter meter) {
        meter.spend(mapping.entries().size());
        return ListValue.list(mapping.entries().entrySet().stream()
                .<Value>map(entry -> ListValue.tuple(List.of(entry.getKey(), entry.getValue())))
                .toList());
    }
}
