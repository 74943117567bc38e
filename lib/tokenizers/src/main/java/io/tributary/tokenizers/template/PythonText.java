package io.tributary.tokenizers.template;

import java.util.List;
import java.util.Map;

/** How Python's {@code str} and {@code repr} write values. */
final class PythonText {
    private static final int FIRST_ASTRAL = 0x10000;
    private static final int FIRST_BEYOND_LATIN = 0x100;

    private final TextBuilder target;

    private PythonText(TextBuilder target) {
        this.target = target;
    }

    /** As {@code str} writes it. */
    static TextValue str(Value value, Meter meter) {
        return switch (value) {
            case TextValue text -> text;
            case UndefinedValue undefined -> TextValue.EMPTY;
            default -> repr(value, meter);
        };
    }

    /** As {@code repr} writes it: a text in quotes. */
    static TextValue repr(Value value, Meter meter) {
        TextBuilder target = new TextBuilder(meter);
        new PythonText(target).write(value);
        TextValue written = target.build();
        return written.derived(written.string());
    }

    private void write(Value value) {
        switch (value) {
            case NoneValue none -> target.append("None");
            case NumberValue number -> target.append(PythonNumbers.written(number));
            case TextValue text -> target.append(text.derived(quoted(text.string())));
            case ListValue list -> write(list);
            case MappingValue mapping -> write(mapping);
            case UndefinedValue undefined -> target.append("Undefined");
            case FunctionValue function -> target.append("<function " + function.name() + ">");
            case NamespaceValue namespace -> target.append("<Namespace>");
            case LoopValue loop -> target.append("<LoopContext>");
        }
    }

    private void write(ListValue list) {
        List<Value> elements = list.elements();
        target.append(list.tuple() ? "(" : "[");
        for (int index = 0; index < elements.size(); index++) {
            target.append(index == 0 ? "" : ", ");
            write(elements.get(index));
        }
        String end = elements.size() == 1 ? ",)" : ")";
        target.append(list.tuple() ? end : "]");
    }

    private void write(MappingValue mapping) {
        target.append("{");
        String separator = "";
        for (Map.Entry<Value, Value> entry : mapping.entries().entrySet()) {
            target.append(separator);
            write(entry.getKey());
            target.append(": ");
            write(entry.getValue());
            separator = ", ";
        }
        target.append("}");
    }

    private static String quoted(String text) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        StringBuilder quoted = new StringBuilder(text.length() + 2).append(quote);
        text.codePoints().forEach(codePoint -> append(codePoint, quote, quoted));
        return quoted.append(quote).toString();
    }

    private static void append(int codePoint, char quote, StringBuilder target) {
        switch (codePoint) {
            case '\n' -> target.append("\\n");
            case '\r' -> target.append("\\r");
            case '\t' -> target.append("\\t");
            case '\\' -> target.append("\\\\");
            default -> {
                if (codePoint == quote) {
                    target.append('\\').append(quote);
                } else if (isPrintable(codePoint)) {
                    target.appendCodePoint(codePoint);
                } else {
                    target.append(escaped(codePoint));
                }
            }
        }
    }

    private static String escaped(int codePoint) {
        if (codePoint >= FIRST_ASTRAL) {
            return "\\U%08x".formatted(codePoint);
        }
        return (codePoint < FIRST_BEYOND_LATIN ? "\\x%02x" : "\\u%04x").formatted(codePoint);
    }

    private static boolean isPrintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> codePoint == ' ';
            default -> true;
        };
    }
}
