package io.tributary.tokenizers.template;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a template reaches from a value: the methods that are listed here, items, and nothing else. */
final class Attributes {
    private static final Set<String> CHANGING = Set.of(
            "append",
            "extend",
            "insert",
            "remove",
            "pop",
            "clear",
            "sort",
            "reverse",
            "update",
            "setdefault",
            "popitem");

    private Attributes() {}

    /** {@code target.name}: a method, else an item. */
    static Value attribute(Value target, String name) {
        Value method = method(target, name);
        if (method != null) {
            return method;
        }
        return switch (target) {
            case NamespaceValue namespace -> namespace.get(name);
            case LoopValue loop -> loop.attribute(name);
            case UndefinedValue undefined -> throw undefined.fault();
            case MappingValue mapping -> {
                Value item = mapping.entries().get(TextValue.trusted(name));
                yield item == null ? missing(target, name) : item;
            }
            default -> missing(target, name);
        };
    }

    private static UndefinedValue missing(Value target, String name) {
        boolean changes = CHANGING.contains(name) && (target instanceof ListValue || target instanceof MappingValue);
        return new UndefinedValue(
                changes
                        ? "a template may not change a " + target.type() + " with '" + name + "'"
                        : "a value of type " + target.type() + " has no attribute '" + name + "'");
    }

    private static @Nullable Value method(Value target, String name) {
        Builtin method =
                switch (target) {
                    case TextValue text -> TextMethods.BY_NAME.get(name);
                    case ListValue list -> ContainerMethods.OF_LISTS.get(name);
                    case MappingValue mapping -> ContainerMethods.OF_MAPPINGS.get(name);
                    default -> null;
                };
        return method == null ? null : method.boundTo(target);
    }

    /** {@code target[key]}: an item, else a method. */
    static Value item(Value target, Value key, Meter meter) {
        Value item =
                switch (target) {
                    case MappingValue mapping -> mapping.entries().get(MappingValue.key(key, meter));
                    case ListValue list -> element(list.elements(), key);
                    case TextValue text -> character(text, key, meter);
                    case UndefinedValue undefined -> throw undefined.fault();
                    default -> null;
                };
        if (item != null) {
            return item;
        }
        if (key instanceof TextValue name) {
            return attributeAlone(target, name.string());
        }
        return new UndefinedValue("a value of type " + target.type() + " has no element "
                + PythonText.repr(key, meter).string());
    }

    /** An attribute that is no item. */
    static Value attributeAlone(Value target, String name) {
        if (!(target instanceof MappingValue)) {
            return attribute(target, name);
        }
        Value method = method(target, name);
        return method == null ? missing(target, name) : method;
    }

    private static @Nullable Value element(List<Value> elements, Value key) {
        if (!(key instanceof NumberValue number) || !number.isIntegral()) {
            return null;
        }
        long index = number.integer() < 0 ? number.integer() + elements.size() : number.integer();
        return index < 0 || index >= elements.size() ? null : elements.get((int) index);
    }

    private static @Nullable Value character(TextValue text, Value key, Meter meter) {
        if (!(key instanceof NumberValue number) || !number.isIntegral()) {
            return null;
        }
        meter.spend(text.extent().weight());
        int count = CodePoints.count(text);
        long index = number.integer() < 0 ? number.integer() + count : number.integer();
        return index < 0 || index >= count ? null : CodePoints.part(text, (int) index, (int) index + 1);
    }
}
