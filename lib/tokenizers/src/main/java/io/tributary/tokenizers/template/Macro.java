package io.tributary.tokenizers.template;

import io.tributary.tokenizers.template.Statement.Parameter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A macro.
 *
 * @param scope that it was defined in, whose variables it sees
 * @param rendering that it belongs to
 */
record Macro(String name, List<Parameter> parameters, List<Statement> body, Scope scope, Rendering rendering) {
    /** The variable with what renders the body of a {@code call} block. */
    static final String CALLER = "caller";

    FunctionValue function() {
        return new FunctionValue(name, this::call);
    }

    /** Renders the body. Arguments without a parameter are {@code varargs} and {@code kwargs}. */
    private Value call(Evaluation evaluation, Arguments arguments) {
        Scope inner = new Scope(scope);
        Map<String, Value> named = new LinkedHashMap<>(arguments.named());
        for (int index = 0; index < parameters.size(); index++) {
            Parameter parameter = parameters.get(index);
            Value value = named.remove(parameter.name());
            if (index < arguments.positional().size()) {
                if (value != null) {
                    throw new TemplateFault("the macro '" + name + "' is given '" + parameter.name() + "' twice");
                }
                value = arguments.positional().get(index);
            }
            inner.set(parameter.name(), value == null ? byDefault(parameter, inner, evaluation) : value);
        }
        Value caller = named.remove(CALLER);
        if (caller != null) {
            inner.set(CALLER, caller);
        }
        inner.set("varargs", ListValue.tuple(arguments.from(parameters.size()).positional()));
        inner.set("kwargs", MappingValue.named(named));
        return rendering.captured(inner, body);
    }

    private Value byDefault(Parameter parameter, Scope inner, Evaluation evaluation) {
        Expression byDefault = parameter.byDefault();
        return byDefault == null
                ? new UndefinedValue("the argument '" + parameter.name() + "' of the macro '" + name + "' is not given")
                : evaluation.within(inner, () -> evaluation.evaluate(byDefault));
    }
}
