package io.tributary.tokenizers.template;

/**
 * A value of a template: one of Python's. Immutable, but for namespaces; no object of the Java world is reachable through
 * one. Equality is Python's: 1, 1.0 and True are equal, and texts are whatever their origin.
 */
sealed interface Value
        permits NoneValue,
                NumberValue,
                TextValue,
                ListValue,
                MappingValue,
                FunctionValue,
                NamespaceValue,
                LoopValue,
                UndefinedValue {

    /** Whether a condition holds that is this value. */
    boolean truth();

    /** The name of the Python type, for messages. */
    String type();

    /** How deep and how large it is. */
    default Extent extent() {
        return Extent.SIMPLE;
    }

    /**
     * The extent of a value. A value may be in many places of a larger one, so it can be far larger than its memory.
     *
     * @param depth how deep it is nested: 0 for what holds no values
     * @param weight about how much work it is to go through all of it
     */
    record Extent(int depth, long weight) {
        static final Extent SIMPLE = new Extent(0, 1);

        /** The extent of what holds the values. */
        static Extent around(Iterable<Value> values) {
            int depth = 1;
            long weight = 1;
            for (Value value : values) {
                Extent inner = value.extent();
                depth = Math.max(depth, inner.depth + 1);
                weight += inner.weight;
            }
            if (depth > TemplateLimits.MAXIMAL_VALUE_DEPTH) {
                throw TemplateFault.overLimit(
                        "a value is nested deeper than " + TemplateLimits.MAXIMAL_VALUE_DEPTH + " levels");
            }
            if (weight > TemplateLimits.MAXIMAL_VALUE_WEIGHT) {
                throw TemplateFault.overLimit(
                        "a value has more than " + TemplateLimits.MAXIMAL_VALUE_WEIGHT + " values in it");
            }
            return new Extent(depth, weight);
        }
    }
}
