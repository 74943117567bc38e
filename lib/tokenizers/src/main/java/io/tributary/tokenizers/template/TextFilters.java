package io.tributary.tokenizers.template;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Filters that make texts. */
final class TextFilters {
    private static final Pattern WORD = Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Map<Character, String> HTML =
            Map.of('&', "&amp;", '<', "&lt;", '>', "&gt;", '\'', "&#39;", '"', "&#34;");
    private static final int DEFAULT_WIDTH = 80;
    private static final int DEFAULT_INDENT = 4;

    private TextFilters() {}

    static Stream<Builtin> all() {
        return Stream.of(
                Builtin.of("string", "", BuiltinCall::printed),
                Builtin.of("safe", "", BuiltinCall::printed),
                Builtin.of("trim", "chars?", TextFilters::trimmed),
                Builtin.of("upper", "", call -> Texts.upper(call.printed())),
                Builtin.of("lower", "", call -> Texts.lower(call.printed())),
                Builtin.of("capitalize", "", call -> Texts.capitalized(call.printed())),
                Builtin.of("title", "", call -> Texts.titled(call.printed(), TextFilters::beginsWord)),
                Builtin.of("replace", "old, new, count?", TextFilters::replaced),
                Builtin.of("indent", "width?, first?, blank?", TextFilters::indented),
                Builtin.of("center", "width?", TextFilters::centered),
                Builtin.of("wordcount", "", TextFilters::wordCount),
                Builtin.of("escape", "", TextFilters::escaped),
                Builtin.of("e", "", TextFilters::escaped),
                Builtin.variadic("format", TextFilters::formatted),
                Builtin.of("tojson", "ensure_ascii?, indent?, separators?, sort_keys?", TextFilters::json));
    }

    private static boolean beginsWord(int before) {
        return PythonSpace.isSpace(before) || "-({[<".indexOf(before) >= 0;
    }

    private static Value trimmed(BuiltinCall call) {
        TextValue characters = call.value(0, NoneValue.NONE) == NoneValue.NONE ? null : call.text(0);
        return Texts.stripped(call.printed(), characters, true, true, call.meter());
    }

    private static Value replaced(BuiltinCall call) {
        int count = call.value(2, NoneValue.NONE) == NoneValue.NONE ? -1 : call.count(2, -1);
        TextValue old = call.evaluation().printed(call.value(0));
        TextValue replacement = call.evaluation().printed(call.value(1));
        return Texts.replaced(call.printed(), old, replacement, count, call.meter());
    }

    private static Value indented(BuiltinCall call) {
        TextValue indent = call.value(0, NoneValue.NONE) instanceof TextValue text
                ? text
                : Operators.repeated(TextValue.trusted(" "), Math.max(call.count(0, DEFAULT_INDENT), 0), call.meter());
        boolean blank = call.truth(2, false);
        TextValue text = Operators.concatenated(call.printed(), TextValue.trusted("\n"), call.meter());
        List<Value> lines = Texts.lines(text, false, call.meter());
        TextBuilder target = new TextBuilder(call.meter());
        for (int index = 0; index < lines.size(); index++) {
            call.meter().spend(1);
            boolean indents = index == 0
                    ? call.truth(1, false)
                    : blank || lines.get(index).truth();
            target.append(index == 0 ? "" : "\n")
                    .append(indents ? indent : TextValue.EMPTY)
                    .append((TextValue) lines.get(index));
        }
        return target.build();
    }

    private static Value centered(BuiltinCall call) {
        Builtin method = TextMethods.BY_NAME.get("center");
        return method == null
                ? call.printed()
                : method.call(
                        call.evaluation(), call.printed(), Arguments.of(new IntValue(call.count(0, DEFAULT_WIDTH))));
    }

    private static Value wordCount(BuiltinCall call) {
        return new IntValue(WORD.matcher(call.printed().string()).results().count());
    }

    private static Value escaped(BuiltinCall call) {
        TextValue text = call.printed();
        TextBuilder target = new TextBuilder(call.meter());
        int start = 0;
        for (int index = 0; index < text.length(); index++) {
            String replacement = HTML.get(text.string().charAt(index));
            if (replacement != null) {
                call.meter().spend(1);
                target.append(text.part(start, index))
                        .append(text.part(index, index + 1).derived(replacement));
                start = index + 1;
            }
        }
        return target.append(text.part(start, text.length())).build();
    }

    private static Value formatted(BuiltinCall call) {
        Arguments arguments = call.arguments();
        Value values = arguments.named().isEmpty()
                ? ListValue.tuple(arguments.positional())
                : MappingValue.named(arguments.named());
        return PrintfFormat.format(call.printed(), values, call.meter());
    }

    private static Value json(BuiltinCall call) {
        String indent = indent(call);
        String betweenItems = indent == null ? ", " : ",";
        String afterKey = ": ";
        if (call.value(2, NoneValue.NONE) instanceof ListValue separators
                && separators.elements().size() == 2) {
            betweenItems = Operators.text(separators.elements().getFirst()).string();
            afterKey = Operators.text(separators.elements().getLast()).string();
        }
        JsonText.Style style =
                new JsonText.Style(call.truth(0, false), indent, betweenItems, afterKey, call.truth(3, false));
        return JsonText.write(call.self(), style, call.meter());
    }

    private static @Nullable String indent(BuiltinCall call) {
        Value indent = call.value(1, NoneValue.NONE);
        if (indent == NoneValue.NONE) {
            return null;
        }
        return indent instanceof TextValue text
                ? text.string()
                : Operators.repeated(TextValue.trusted(" "), Math.max(call.count(1, 0), 0), call.meter())
                        .string();
    }
}
