package io.tributary.tokenizers.template;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The functions that every template can call: those of Jinja, and those that Hugging Face adds. */
final class Globals {
    static final Map<String, FunctionValue> FUNCTIONS = Stream.of(
                    function(Builtin.of("range", "start, stop?, step?", Globals::range)),
                    function(Builtin.of("raise_exception", "message", Globals::raise)),
                    function(Builtin.of("strftime_now", "format", Globals::now)),
                    function(Builtin.of("joiner", "sep?", Globals::joiner)),
                    new FunctionValue("dict", (evaluation, arguments) -> mapping(arguments)),
                    new FunctionValue("namespace", (evaluation, arguments) -> namespace(arguments)),
                    new FunctionValue("cycler", (evaluation, arguments) -> cycler(arguments)))
            .collect(Collectors.toUnmodifiableMap(FunctionValue::name, Function.identity()));

    private Globals() {}

    private static FunctionValue function(Builtin builtin) {
        return builtin.boundTo(NoneValue.NONE);
    }

    private static Value range(BuiltinCall call) {
        long start = call.has(1) ? call.integer(0, 0) : 0;
        long stop = call.has(1) ? call.integer(1, 0) : call.integer(0, 0);
        long step = call.integer(2, 1);
        if (step == 0) {
            throw new TemplateFault("the step of a range must not be 0");
        }
        List<Value> numbers = new ArrayList<>();
        long number = start;
        while (step > 0 ? number < stop : number > stop) {
            if (numbers.size() == TemplateLimits.MAXIMAL_RANGE) {
                throw TemplateFault.overLimit("a range has at most " + TemplateLimits.MAXIMAL_RANGE + " numbers");
            }
            numbers.add(new IntValue(number));
            boolean last = step > 0 ? number > Long.MAX_VALUE - step : number < Long.MIN_VALUE - step;
            number = last ? stop : number + step;
        }
        call.meter().spend(numbers.size());
        return ListValue.list(numbers);
    }

    private static Value raise(BuiltinCall call) {
        throw TemplateFault.raised(call.evaluation().printed(call.value(0)).string());
    }

    private static Value now(BuiltinCall call) {
        return TextValue.trusted(
                TimeFormat.format(call.text(0).string(), call.evaluation().clock()));
    }

    private static Value joiner(BuiltinCall call) {
        Value separator = call.value(0, TextValue.trusted(", "));
        AtomicInteger calls = new AtomicInteger();
        return new FunctionValue(
                "joiner", (evaluation, arguments) -> calls.getAndIncrement() == 0 ? TextValue.EMPTY : separator);
    }

    private static MappingValue mapping(Arguments arguments) {
        Map<Value, Value> entries = new LinkedHashMap<>();
        if (!arguments.positional().isEmpty()) {
            entries.putAll(Operators.mapping(arguments.positional().getFirst()).entries());
        }
        arguments.named().forEach((name, value) -> entries.put(TextValue.trusted(name), value));
        return MappingValue.of(entries);
    }

    private static NamespaceValue namespace(Arguments arguments) {
        Map<String, Value> attributes = new HashMap<>();
        mapping(arguments)
                .entries()
                .forEach((name, value) -> attributes.put(Operators.text(name).string(), value));
        return new NamespaceValue(attributes);
    }

    private static Value cycler(Arguments arguments) {
        List<Value> choices = List.copyOf(arguments.positional());
        if (choices.isEmpty()) {
            throw new TemplateFault("a cycler needs something to choose from");
        }
        AtomicInteger position = new AtomicInteger();
        Map<String, Value> attributes = new HashMap<>();
        attributes.put(
                "next",
                new FunctionValue(
                        "next",
                        (evaluation, given) ->
                                choices.get(position.getAndUpdate(current -> (current + 1) % choices.size()))));
        attributes.put("reset", new FunctionValue("reset", (evaluation, given) -> {
            position.set(0);
            return NoneValue.NONE;
        }));
        return new NamespaceValue(attributes);
    }
}
