package io.tributary.tokenizers.template;

import java.util.Map;

/** What {@code namespace()} makes: attributes that a template may set anywhere. */
final class NamespaceValue implements Value {
    private final Map<String, Value> attributes;

    NamespaceValue(Map<String, Value> attributes) {
        this.attributes = attributes;
    }

    Value get(String name) {
        Value value = attributes.get(name);
        return value == null ? new UndefinedValue("the namespace has no attribute '" + name + "'") : value;
    }

    void set(String name, Value value) {
        attributes.put(name, value);
    }

    @Override
    public boolean truth() {
        return true;
    }

    @Override
    public String type() {
        return "Namespace";
    }
}
