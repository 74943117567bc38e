package io.tributary.tokenizers.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A list, or a tuple.
 *
 * @param elements never changed
 * @param tuple whether it is a tuple, which equals no list
 * @param extent of all elements
 */
record ListValue(List<Value> elements, boolean tuple, Extent extent) implements Value {
    static final ListValue EMPTY = list(List.of());

    static ListValue list(List<Value> elements) {
        return new ListValue(elements, false, Extent.around(elements));
    }

    static ListValue tuple(List<Value> elements) {
        return new ListValue(elements, true, Extent.around(elements));
    }

    @Override
    public boolean truth() {
        return !elements.isEmpty();
    }

    @Override
    public String type() {
        return tuple ? "tuple" : "list";
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ListValue list && tuple == list.tuple && elements.equals(list.elements);
    }

    @Override
    public int hashCode() {
        return elements.hashCode();
    }
}
