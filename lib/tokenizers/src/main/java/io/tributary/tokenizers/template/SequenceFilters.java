package io.tributary.tokenizers.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Filters of lists, mappings and what else has elements. */
final class SequenceFilters {
    private SequenceFilters() {}

    static Stream<Builtin> all() {
        Builtin length = Builtin.of("length", "", call -> length(call.self(), call.meter()));
        Builtin byDefault = Builtin.of("default", "value?, boolean?", SequenceFilters::orDefault);
        return Stream.of(
                length,
                length.named("count"),
                byDefault,
                byDefault.named("d"),
                Builtin.of("first", "", SequenceFilters::first),
                Builtin.of("last", "", SequenceFilters::last),
                Builtin.of("list", "", call -> ListValue.list(call.elements())),
                Builtin.of("items", "", SequenceFilters::items),
                Builtin.of("dictsort", "case_sensitive?, by?, reverse?", SequenceFilters::sortedItems),
                Builtin.of("join", "d?, attribute?", SequenceFilters::joined),
                Builtin.of("reverse", "", SequenceFilters::reversed),
                Builtin.of("sort", "reverse?, case_sensitive?, attribute?", SequenceFilters::sorted),
                Builtin.of("unique", "case_sensitive?, attribute?", SequenceFilters::unique),
                Builtin.of("min", "case_sensitive?, attribute?", call -> extreme(call, false)),
                Builtin.of("max", "case_sensitive?, attribute?", call -> extreme(call, true)),
                Builtin.of("sum", "attribute?, start?", SequenceFilters::sum),
                Builtin.of("batch", "linecount, fill_with?", SequenceFilters::batches),
                Builtin.of(
                        "attr",
                        "name",
                        call -> Attributes.attributeAlone(
                                call.self(), call.text(0).string())));
    }

    static IntValue length(Value value, Meter meter) {
        meter.spend(value instanceof TextValue text ? text.extent().weight() : 1);
        return new IntValue(
                switch (value) {
                    case TextValue text -> CodePoints.count(text);
                    case ListValue list -> list.elements().size();
                    case MappingValue mapping -> mapping.entries().size();
                    case UndefinedValue undefined -> 0;
                    default -> throw new TemplateFault("a value of type " + value.type() + " has no length");
                });
    }

    private static Value orDefault(BuiltinCall call) {
        boolean missing = call.self() instanceof UndefinedValue
                || (call.truth(1, false) && !call.self().truth());
        return missing ? call.value(0, TextValue.EMPTY) : call.self();
    }

    private static Value first(BuiltinCall call) {
        List<Value> elements = call.elements();
        return elements.isEmpty() ? new UndefinedValue("there is no first element") : elements.getFirst();
    }

    private static Value last(BuiltinCall call) {
        List<Value> elements = call.elements();
        return elements.isEmpty() ? new UndefinedValue("there is no last element") : elements.getLast();
    }

    private static Value items(BuiltinCall call) {
        return call.self() instanceof UndefinedValue
                ? ListValue.EMPTY
                : ContainerMethods.items(Operators.mapping(call.self()), call.meter());
    }

    private static Value sortedItems(BuiltinCall call) {
        int position =
                switch (call.text(1, "key").string()) {
                    case "key" -> 0;
                    case "value" -> 1;
                    default -> throw new TemplateFault("dictsort sorts by 'key' or 'value'");
                };
        UnaryOperator<Value> casing = casing(call, call.truth(0, false));
        ListValue items = ContainerMethods.items(Operators.mapping(call.self()), call.meter());
        return sorted(
                call,
                items.elements(),
                item -> casing.apply(((ListValue) item).elements().get(position)),
                call.truth(2, false));
    }

    private static Value joined(BuiltinCall call) {
        UnaryOperator<Value> attribute = attribute(call, 1);
        List<Value> elements = call.elements().stream().map(attribute).toList();
        return Texts.joined(
                elements, call.evaluation().printed(call.value(0, TextValue.EMPTY)), call.evaluation(), true);
    }

    private static Value reversed(BuiltinCall call) {
        List<Value> elements = call.elements().reversed();
        return call.self() instanceof TextValue
                ? Texts.joined(elements, TextValue.EMPTY, call.evaluation(), true)
                : ListValue.list(List.copyOf(elements));
    }

    private static Value sorted(BuiltinCall call) {
        return sorted(call, call.elements(), key(call, 1), call.truth(0, false));
    }

    private static Value sorted(BuiltinCall call, List<Value> elements, UnaryOperator<Value> key, boolean reverse) {
        List<Keyed> keyed = keyed(call, elements, key);
        Comparator<Keyed> order = (left, right) -> ordered(left.key, right.key);
        return ListValue.list(keyed.stream()
                .sorted(reverse ? Collections.reverseOrder(order) : order)
                .map(Keyed::element)
                .toList());
    }

    /** An element with what it is compared by. */
    private record Keyed(Value element, Value key) {}

    /** The elements with their keys, all comparisons paid for. */
    private static List<Keyed> keyed(BuiltinCall call, List<Value> elements, UnaryOperator<Value> key) {
        int logarithm = Integer.SIZE - Integer.numberOfLeadingZeros(elements.size());
        List<Keyed> keyed = new ArrayList<>(elements.size());
        for (Value element : elements) {
            Keyed next = new Keyed(element, key.apply(element));
            call.meter().spend(next.key.extent().weight() * logarithm);
            keyed.add(next);
        }
        return keyed;
    }

    /** Equal values need not be of a kind that has an order. */
    private static int ordered(Value left, Value right) {
        return left.equals(right) ? 0 : Operators.compare(left, right);
    }

    /** What elements are compared by: an attribute when one is given, small letters unless case matters. */
    private static UnaryOperator<Value> key(BuiltinCall call, int caseSensitive) {
        UnaryOperator<Value> casing = casing(call, call.truth(caseSensitive, false));
        UnaryOperator<Value> attribute = attribute(call, caseSensitive + 1);
        return element -> casing.apply(attribute.apply(element));
    }

    private static UnaryOperator<Value> casing(BuiltinCall call, boolean caseSensitive) {
        return caseSensitive ? value -> value : value -> value instanceof TextValue text ? lower(call, text) : value;
    }

    private static TextValue lower(BuiltinCall call, TextValue text) {
        call.meter().produce(text.length());
        return Texts.lower(text);
    }

    private static UnaryOperator<Value> attribute(BuiltinCall call, int index) {
        if (call.value(index, NoneValue.NONE) == NoneValue.NONE) {
            return value -> value;
        }
        AttributePath path = AttributePath.of(call.value(index));
        return value -> path.of(value, null, call.meter());
    }

    private static Value unique(BuiltinCall call) {
        call.meter().spend(call.self().extent().weight());
        UnaryOperator<Value> key = key(call, 0);
        Set<Value> seen = new HashSet<>();
        return ListValue.list(call.elements().stream()
                .filter(element -> seen.add(MappingValue.key(key.apply(element), call.meter())))
                .toList());
    }

    private static Value extreme(BuiltinCall call, boolean largest) {
        List<Keyed> elements = keyed(call, call.elements(), key(call, 0));
        if (elements.isEmpty()) {
            return new UndefinedValue("there is no element");
        }
        Keyed extreme = elements.getFirst();
        for (Keyed element : elements) {
            int order = Operators.compare(element.key, extreme.key);
            extreme = (largest ? order > 0 : order < 0) ? element : extreme;
        }
        return extreme.element;
    }

    private static Value sum(BuiltinCall call) {
        UnaryOperator<Value> attribute = attribute(call, 0);
        Value sum = call.value(1, new IntValue(0));
        for (Value element : call.elements()) {
            call.meter().spend(1);
            sum = Operators.binary("+", sum, attribute.apply(element), call.meter());
        }
        return sum;
    }

    private static Value batches(BuiltinCall call) {
        int size = call.count(0, 1);
        if (size < 1) {
            throw new TemplateFault("batch needs a size of at least 1");
        }
        List<Value> batches = new ArrayList<>();
        List<Value> elements = call.elements();
        for (int start = 0; start < elements.size(); start += Math.min(size, elements.size() - start)) {
            List<Value> batch =
                    new ArrayList<>(elements.subList(start, start + Math.min(size, elements.size() - start)));
            if (call.value(1, NoneValue.NONE) != NoneValue.NONE) {
                call.meter().spend(size);
                batch.addAll(Collections.nCopies(size - batch.size(), call.value(1)));
            }
            batches.add(ListValue.list(batch));
        }
        return ListValue.list(batches);
    }
}
