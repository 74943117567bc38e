package io.tributary.tokenizers.template;

import org.jspecify.annotations.Nullable;

/**
 * What stands for something that is not there: an empty text, no elements, false; anything else fails.
 *
 * @param problem that is said when it is used
 */
record UndefinedValue(String problem) implements Value {
    static UndefinedValue variable(String name) {
        return new UndefinedValue("'" + name + "' is undefined");
    }

    TemplateFault fault() {
        return new TemplateFault(problem);
    }

    @Override
    public boolean truth() {
        return false;
    }

    @Override
    public String type() {
        return "Undefined";
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof UndefinedValue;
    }

    @Override
    public int hashCode() {
        return 0;
    }
}
