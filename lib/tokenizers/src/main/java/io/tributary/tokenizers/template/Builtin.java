package io.tributary.tokenizers.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A method, a filter or a function that templates can use.
 *
 * @param required how many of the parameters, from the first, must be given
 * @param variadic whether it takes whatever arguments
 */
record Builtin(String name, List<String> parameters, int required, boolean variadic, Body body) {
    /** What a call computes. */
    @FunctionalInterface
    interface Body {
        Value apply(BuiltinCall call);
    }

    /**
     * Something built in.
     *
     * @param parameters their names with commas between them; a question mark after those that may be left out
     */
    static Builtin of(String name, String parameters, Body body) {
        List<String> names = parameters.isEmpty() ? List.of() : List.of(parameters.split(", "));
        int required = (int) names.stream().filter(each -> !each.endsWith("?")).count();
        return new Builtin(
                name, names.stream().map(each -> each.replace("?", "")).toList(), required, false, body);
    }

    /** Something built in that takes whatever arguments. */
    static Builtin variadic(String name, Body body) {
        return new Builtin(name, List.of(), 0, true, body);
    }

    static Map<String, Builtin> byName(Stream<Builtin> builtins) {
        return builtins.collect(Collectors.toUnmodifiableMap(Builtin::name, Function.identity()));
    }

    /** The same under another name. */
    Builtin named(String alias) {
        return new Builtin(alias, parameters, required, variadic, body);
    }

    /** This method of a value. */
    FunctionValue boundTo(Value self) {
        return new FunctionValue(name, (evaluation, arguments) -> call(evaluation, self, arguments));
    }

    Value call(Evaluation evaluation, Value self, Arguments arguments) {
        List<@Nullable Value> values = variadic ? List.of() : bound(arguments);
        return body.apply(new BuiltinCall(evaluation, name, self, values, arguments));
    }

    private List<@Nullable Value> bound(Arguments arguments) {
        if (arguments.positional().size() > parameters.size()) {
            throw new TemplateFault("'" + name + "' takes at most " + parameters.size() + " arguments, not "
                    + arguments.positional().size());
        }
        List<@Nullable Value> values = new ArrayList<>(arguments.positional());
        while (values.size() < parameters.size()) {
            values.add(null);
        }
        for (Map.Entry<String, Value> named : arguments.named().entrySet()) {
            int index = parameters.indexOf(named.getKey());
            if (index < 0 || values.get(index) != null) {
                throw new TemplateFault(
                        "'" + name + "' has no argument '" + named.getKey() + "', or it is given twice");
            }
            values.set(index, named.getValue());
        }
        if (values.subList(0, required).contains(null)) {
            throw new TemplateFault(
                    "'" + name + "' needs the arguments " + String.join(", ", parameters.subList(0, required)));
        }
        return values;
    }
}
