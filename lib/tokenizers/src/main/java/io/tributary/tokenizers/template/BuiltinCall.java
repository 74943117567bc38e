package io.tributary.tokenizers.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call of something built in.
 *
 * @param self what the method or filter is applied to
 * @param values of the parameters, in their order; null for those not given
 * @param arguments as they were given
 */
record BuiltinCall(Evaluation evaluation, String name, Value self, List<@Nullable Value> values, Arguments arguments) {

    Meter meter() {
        return evaluation.meter();
    }

    /** Whether the parameter was given. */
    boolean has(int index) {
        return values.get(index) != null;
    }

    Value value(int index) {
        Value value = values.get(index);
        if (value == null) {
            throw new TemplateFault("'" + name + "' needs its argument number " + (index + 1));
        }
        return value;
    }

    Value value(int index, Value byDefault) {
        return has(index) ? value(index) : byDefault;
    }

    boolean truth(int index, boolean byDefault) {
        return has(index) ? value(index).truth() : byDefault;
    }

    long integer(int index, long byDefault) {
        return has(index) ? Operators.integer(value(index)) : byDefault;
    }

    /** An integer as an index or a count: what is out of range becomes its border. */
    int count(int index, int byDefault) {
        return Math.clamp(integer(index, byDefault), Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    TextValue text(int index) {
        return Operators.text(value(index));
    }

    TextValue text(int index, String byDefault) {
        return has(index) ? text(index) : TextValue.trusted(byDefault);
    }

    /** The value that a filter is applied to, as it is printed. */
    TextValue printed() {
        TextValue printed = evaluation.printed(self);
        meter().produce(printed.length());
        return printed;
    }

    /** The elements of the value that a filter is applied to. */
    List<Value> elements() {
        return evaluation.elements(self);
    }
}
