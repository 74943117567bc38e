package io.tributary.tokenizers.template;

import java.util.List;
import java.util.Map;

/**
 * The arguments of a call.
 *
 * @param positional in their order
 * @param named by their names
 */
record Arguments(List<Value> positional, Map<String, Value> named) {
    static final Arguments NONE = new Arguments(List.of(), Map.of());

    static Arguments of(Value... positional) {
        return new Arguments(List.of(positional), Map.of());
    }

    /** The positional arguments from the given one on, and all named ones. */
    Arguments from(int index) {
        return new Arguments(positional.subList(Math.min(index, positional.size()), positional.size()), named);
    }
}
