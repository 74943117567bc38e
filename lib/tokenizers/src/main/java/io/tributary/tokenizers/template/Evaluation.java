package io.tributary.tokenizers.template;

import io.tributary.tokenizers.template.Expression.Argument;
import io.tributary.tokenizers.template.Expression.Attribute;
import io.tributary.tokenizers.template.Expression.Binary;
import io.tributary.tokenizers.template.Expression.Call;
import io.tributary.tokenizers.template.Expression.Comparison;
import io.tributary.tokenizers.template.Expression.Conditional;
import io.tributary.tokenizers.template.Expression.Entry;
import io.tributary.tokenizers.template.Expression.Filter;
import io.tributary.tokenizers.template.Expression.Item;
import io.tributary.tokenizers.template.Expression.Listing;
import io.tributary.tokenizers.template.Expression.Literal;
import io.tributary.tokenizers.template.Expression.Logical;
import io.tributary.tokenizers.template.Expression.Mapping;
import io.tributary.tokenizers.template.Expression.Name;
import io.tributary.tokenizers.template.Expression.Not;
import io.tributary.tokenizers.template.Expression.Operand;
import io.tributary.tokenizers.template.Expression.Signed;
import io.tributary.tokenizers.template.Expression.Slice;
import io.tributary.tokenizers.template.Expression.Test;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One rendering's variables and what it may still spend: evaluates expressions. */
final class Evaluation {
    private final Meter meter;
    private final Clock clock;
    private Scope scope;

    Evaluation(Meter meter, Clock clock, Scope scope) {
        this.meter = meter;
        this.clock = clock;
        this.scope = scope;
    }

    Meter meter() {
        return meter;
    }

    Clock clock() {
        return clock;
    }

    Scope scope() {
        return scope;
    }

    /** Does something with variables of its own. */
    <T> T within(Scope inner, Supplier<T> work) {
        Scope outer = scope;
        scope = inner;
        T result = work.get();
        scope = outer;
        return result;
    }

    Value evaluate(Expression expression) {
        try {
            meter.enter();
            Value value = value(expression);
            meter.leave();
            return value;
        } catch (TemplateFault fault) {
            throw new ChatTemplateException(expression.line(), fault);
        }
    }

    private Value value(Expression expression) {
        return switch (expression) {
            case Literal literal -> literal.value();
            case Name name -> variable(name.name());
            case Listing listing ->
                listing.tuple()
                        ? ListValue.tuple(evaluateAll(listing.elements()))
                        : ListValue.list(evaluateAll(listing.elements()));
            case Mapping mapping -> mapping(mapping);
            case Attribute attribute -> Attributes.attribute(evaluate(attribute.target()), attribute.name());
            case Item item -> Attributes.item(evaluate(item.target()), evaluate(item.key()), meter);
            case Slice slice -> slice(slice);
            case Call call -> call(evaluate(call.callee()), arguments(call.arguments()));
            case Filter filter -> filter(filter.name(), evaluate(filter.target()), arguments(filter.arguments()));
            case Test test -> BoolValue.of(test(test.name(), evaluate(test.target()), arguments(test.arguments())));
            case Signed signed -> Operators.signed(signed.negative(), evaluate(signed.operand()));
            case Not not -> BoolValue.of(!evaluate(not.operand()).truth());
            case Logical logical -> logical(logical);
            case Binary binary ->
                Operators.binary(binary.operator(), evaluate(binary.left()), evaluate(binary.right()), meter);
            case Comparison comparison -> BoolValue.of(holds(comparison));
            case Conditional conditional -> conditional(conditional);
        };
    }

    private Value variable(String name) {
        Value value = scope.find(name);
        if (value != null) {
            return value;
        }
        FunctionValue function = Globals.FUNCTIONS.get(name);
        return function == null ? UndefinedValue.variable(name) : function;
    }

    private List<Value> evaluateAll(List<Expression> expressions) {
        List<Value> values = new ArrayList<>(expressions.size());
        expressions.forEach(expression -> values.add(evaluate(expression)));
        return values;
    }

    private Value mapping(Mapping mapping) {
        Map<Value, Value> entries = new LinkedHashMap<>();
        for (Entry entry : mapping.entries()) {
            entries.put(MappingValue.key(evaluate(entry.key()), meter), evaluate(entry.value()));
        }
        return MappingValue.of(entries);
    }

    private Value slice(Slice slice) {
        Value target = evaluate(slice.target());
        return Slices.slice(target, evaluated(slice.start()), evaluated(slice.stop()), evaluated(slice.step()), meter);
    }

    private Value evaluated(@Nullable Expression expression) {
        return expression == null ? NoneValue.NONE : evaluate(expression);
    }

    private Value logical(Logical logical) {
        Value left = evaluate(logical.left());
        return left.truth() == logical.and() ? evaluate(logical.right()) : left;
    }

    private boolean holds(Comparison comparison) {
        Value left = evaluate(comparison.first());
        for (Operand operand : comparison.rest()) {
            Value right = evaluate(operand.expression());
            if (!Operators.holds(operand.operator(), left, right, meter)) {
                return false;
            }
            left = right;
        }
        return true;
    }

    private Value conditional(Conditional conditional) {
        if (evaluate(conditional.condition()).truth()) {
            return evaluate(conditional.value());
        }
        return conditional.otherwise() == null
                ? new UndefinedValue("the inline if-expression has no else")
                : evaluate(conditional.otherwise());
    }

    Arguments arguments(List<Argument> written) {
        if (written.isEmpty()) {
            return Arguments.NONE;
        }
        List<Value> positional = new ArrayList<>();
        Map<String, Value> named = new LinkedHashMap<>();
        for (Argument argument : written) {
            Value value = evaluate(argument.value());
            switch (argument.kind()) {
                case POSITIONAL -> positional.add(value);
                case SPREAD_LIST -> positional.addAll(elements(value));
                case NAMED -> named.put(String.valueOf(argument.name()), value);
                case SPREAD_MAPPING ->
                    Operators.mapping(value)
                            .entries()
                            .forEach(
                                    (key, each) -> named.put(Operators.text(key).string(), each));
            }
        }
        return new Arguments(positional, named);
    }

    Value call(Value callee, Arguments arguments) {
        return switch (callee) {
            case FunctionValue function -> function.body().call(this, arguments);
            case UndefinedValue undefined -> throw undefined.fault();
            default -> throw new TemplateFault("a value of type " + callee.type() + " cannot be called");
        };
    }

    /** Calls a macro that renders a body of the caller's. */
    Value callWith(Call call, FunctionValue caller) {
        Arguments written = arguments(call.arguments());
        Map<String, Value> named = new LinkedHashMap<>(written.named());
        named.put(Macro.CALLER, caller);
        return call(evaluate(call.callee()), new Arguments(written.positional(), named));
    }

    /** Applies a filter. */
    Value filter(String name, Value target, Arguments arguments) {
        Builtin filter = Filters.BY_NAME.get(name);
        if (filter == null) {
            throw new TemplateFault("there is no filter '" + name + "'");
        }
        return filter.call(this, target, arguments);
    }

    /** Applies a test. */
    boolean test(String name, Value target, Arguments arguments) {
        Builtin test = Tests.BY_NAME.get(name);
        if (test == null) {
            throw new TemplateFault("there is no test '" + name + "'");
        }
        return test.call(this, target, arguments).truth();
    }

    /** A value as it is printed. */
    TextValue printed(Value value) {
        return PythonText.str(value, meter);
    }

    /** The elements that a loop over the value goes through. */
    List<Value> elements(Value value) {
        List<Value> elements =
                switch (value) {
                    case ListValue list -> list.elements();
                    case MappingValue mapping -> List.copyOf(mapping.entries().keySet());
                    case TextValue text -> Slices.characters(text, meter);
                    case UndefinedValue undefined -> List.of();
                    default -> throw new TemplateFault("a value of type " + value.type() + " has no elements");
                };
        meter.spend(elements.size() / 2);
        return elements;
    }
}
