package io.tributary.tokenizers.template;

/**
 * Something that a template can call.
 *
 * @param name for messages
 */
record FunctionValue(String name, Body body) implements Value {
    /** What a call does. */
    @FunctionalInterface
    interface Body {
        Value call(Evaluation evaluation, Arguments arguments);
    }

    @Override
    public boolean truth() {
        return true;
    }

    @Override
    public String type() {
        return "function";
    }
}
