package io.tributary.tokenizers.template;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON as Python's {@code json.dumps} writes it, which the filter {@code tojson} of Hugging Face's templates calls. */
final class JsonText {
    private static final char FIRST_PRINTABLE = ' ';
    private static final char LAST_PLAIN = '~';

    private final TextBuilder target;
    private final Style style;
    private final Meter meter;

    /**
     * How JSON is written.
     *
     * @param indent of one level; null to write all on one line
     */
    record Style(
            boolean escapesBeyondAscii,
            @Nullable String indent,
            String betweenItems,
            String afterKey,
            boolean sortsKeys) {}

    private JsonText(TextBuilder target, Style style, Meter meter) {
        this.target = target;
        this.style = style;
        this.meter = meter;
    }

    static TextValue write(Value value, Style style, Meter meter) {
        TextBuilder target = new TextBuilder(meter);
        new JsonText(target, style, meter).write(value, 0);
        TextValue written = target.build();
        return written.derived(written.string());
    }

    private void write(Value value, int level) {
        switch (value) {
            case NoneValue none -> target.append("null");
            case NumberValue number -> target.append(number(number));
            case TextValue text -> target.append(text.derived(quoted(text.string())));
            case ListValue list -> write(list.elements(), level);
            case MappingValue mapping -> write(mapping, level);
            case UndefinedValue undefined ->
                throw new TemplateFault("tojson is given something undefined: " + undefined.problem());
            case FunctionValue function -> throw noJson(value);
            case NamespaceValue namespace -> throw noJson(value);
            case LoopValue loop -> throw noJson(value);
        }
    }

    private static TemplateFault noJson(Value value) {
        return new TemplateFault("a value of type " + value.type() + " cannot be written as JSON");
    }

    private static String number(NumberValue number) {
        return switch (number) {
            case BoolValue bool -> bool.value() ? "true" : "false";
            case IntValue integer -> Long.toString(integer.integer());
            case RealValue real -> {
                double value = real.real();
                yield Double.isNaN(value)
                        ? "NaN"
                        : Double.isInfinite(value)
                                ? (value > 0 ? "Infinity" : "-Infinity")
                                : PythonNumbers.written(value);
            }
        };
    }

    private void write(List<Value> elements, int level) {
        if (elements.isEmpty()) {
            target.append("[]");
            return;
        }
        target.append("[");
        String separator = "";
        for (Value element : elements) {
            target.append(separator);
            newline(level + 1);
            write(element, level + 1);
            separator = style.betweenItems();
        }
        newline(level);
        target.append("]");
    }

    private void write(MappingValue mapping, int level) {
        if (mapping.entries().isEmpty()) {
            target.append("{}");
            return;
        }
        target.append("{");
        Iterator<Map.Entry<Value, Value>> entries = entries(mapping);
        while (entries.hasNext()) {
            Map.Entry<Value, Value> entry = entries.next();
            newline(level + 1);
            TextValue key = key(entry.getKey());
            target.append(key.derived(quoted(key.string()))).append(style.afterKey());
            write(entry.getValue(), level + 1);
            target.append(entries.hasNext() ? style.betweenItems() : "");
        }
        newline(level);
        target.append("}");
    }

    private Iterator<Map.Entry<Value, Value>> entries(MappingValue mapping) {
        return style.sortsKeys()
                ? mapping.entries().entrySet().stream()
                        .sorted((left, right) -> Operators.compare(left.getKey(), right.getKey()))
                        .iterator()
                : mapping.entries().entrySet().iterator();
    }

    private static TextValue key(Value key) {
        return switch (key) {
            case TextValue text -> text;
            case NoneValue none -> TextValue.trusted("null");
            case NumberValue number -> TextValue.trusted(number(number));
            default -> throw new TemplateFault("a key of JSON is a text, not a " + key.type());
        };
    }

    private void newline(int level) {
        if (style.indent() != null) {
            meter.produce((long) style.indent().length() * level);
            target.append("\n").append(style.indent().repeat(level));
        }
    }

    private String quoted(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        for (int index = 0; index < text.length(); index++) {
            append(text.charAt(index), quoted);
        }
        return quoted.append('"').toString();
    }

    private void append(char character, StringBuilder quoted) {
        switch (character) {
            case '"' -> quoted.append("\\\"");
            case '\\' -> quoted.append("\\\\");
            case '\n' -> quoted.append("\\n");
            case '\r' -> quoted.append("\\r");
            case '\t' -> quoted.append("\\t");
            case '\b' -> quoted.append("\\b");
            case '\f' -> quoted.append("\\f");
            default -> {
                boolean escapes = character < FIRST_PRINTABLE || (style.escapesBeyondAscii() && character > LAST_PLAIN);
                if (escapes) {
                    quoted.append("\\u%04x".formatted((int) character));
                } else {
                    quoted.append(character);
                }
            }
        }
    }
}
