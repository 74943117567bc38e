package io.tributary.tokenizers.template;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A mapping in the order of its making.
 *
 * @param entries never changed
 * @param extent of all values
 */
record MappingValue(Map<Value, Value> entries, Extent extent) implements Value {

    static MappingValue of(Map<Value, Value> entries) {
        return new MappingValue(entries, Extent.around(entries.values()));
    }

    /** A mapping of names that the template wrote. */
    static MappingValue named(Map<String, Value> entries) {
        Map<Value, Value> values = new LinkedHashMap<>();
        entries.forEach((name, value) -> values.put(TextValue.trusted(name), value));
        return of(values);
    }

    /** Checks that a value may be a key: nothing that Python could change. */
    static Value key(Value value, Meter meter) {
        meter.spend(value.extent().weight());
        if (value instanceof MappingValue || (value instanceof ListValue list && !list.tuple())) {
            throw new TemplateFault("a " + value.type() + " cannot be a key of a mapping");
        }
        return value;
    }

    @Override
    public boolean truth() {
        return !entries.isEmpty();
    }

    @Override
    public String type() {
        return "dict";
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof MappingValue mapping && entries.equals(mapping.entries);
    }

    @Override
    public int hashCode() {
        return entries.hashCode();
    }
}
