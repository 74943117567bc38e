package io.tributary.tokenizers.template;

import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.IntPredicate;
import java.util.function.ToIntBiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The methods of texts. */
final class TextMethods {
    static final Map<String, Builtin> BY_NAME = Builtin.byName(
            Stream.of(changing(), cutting(), searching(), asking()).flatMap(each -> each));

    private TextMethods() {}

    private static TextValue self(BuiltinCall call) {
        TextValue text = (TextValue) call.self();
        call.meter().produce(text.length());
        return text;
    }

    private static Stream<Builtin> changing() {
        return Stream.of(
                Builtin.of("upper", "", call -> Texts.upper(self(call))),
                Builtin.of("lower", "", call -> Texts.lower(self(call))),
                Builtin.of("casefold", "", call -> Texts.lower(Texts.upper(self(call)))),
                Builtin.of("capitalize", "", call -> Texts.capitalized(self(call))),
                Builtin.of("title", "", call -> Texts.titled(self(call), before -> !Character.isLetter(before))),
                Builtin.of("strip", "chars?", call -> stripped(call, true, true)),
                Builtin.of("lstrip", "chars?", call -> stripped(call, true, false)),
                Builtin.of("rstrip", "chars?", call -> stripped(call, false, true)),
                Builtin.of("replace", "old, new, count?", TextMethods::replaced),
                Builtin.of("removeprefix", "prefix", TextMethods::withoutPrefix),
                Builtin.of("removesuffix", "suffix", TextMethods::withoutSuffix),
                Builtin.of("join", "elements", TextMethods::joined),
                Builtin.variadic("format", call -> BraceFormat.format(self(call), call)),
                Builtin.of("zfill", "width", TextMethods::filledWithZeros),
                Builtin.of("ljust", "width, fill?", call -> padded(call, 0, 1)),
                Builtin.of("rjust", "width, fill?", call -> padded(call, 1, 1)),
                Builtin.of("center", "width, fill?", call -> padded(call, 1, 2)));
    }

    private static TextValue stripped(BuiltinCall call, boolean start, boolean end) {
        return Texts.stripped(self(call), characters(call), start, end, call.meter());
    }

    private static @Nullable TextValue characters(BuiltinCall call) {
        return call.value(0, NoneValue.NONE) == NoneValue.NONE ? null : call.text(0);
    }

    private static TextValue replaced(BuiltinCall call) {
        return Texts.replaced(self(call), call.text(0), call.text(1), call.count(2, -1), call.meter());
    }

    private static TextValue withoutPrefix(BuiltinCall call) {
        TextValue text = self(call);
        String prefix = call.text(0).string();
        return text.string().startsWith(prefix) ? text.part(prefix.length(), text.length()) : text;
    }

    private static TextValue withoutSuffix(BuiltinCall call) {
        TextValue text = self(call);
        String suffix = call.text(0).string();
        return text.string().endsWith(suffix) ? text.part(0, text.length() - suffix.length()) : text;
    }

    private static TextValue joined(BuiltinCall call) {
        List<Value> elements = call.evaluation().elements(call.value(0));
        return Texts.joined(elements, self(call), call.evaluation(), false);
    }

    private static TextValue filledWithZeros(BuiltinCall call) {
        TextValue text = self(call);
        int sign = text.string().startsWith("-") || text.string().startsWith("+") ? 1 : 0;
        TextValue digits = text.part(sign, text.length());
        int zeros = Math.clamp((long) call.count(0, 0) - CodePoints.count(text), 0, Integer.MAX_VALUE);
        TextValue filled = Texts.padded(digits, zeros, 0, TextValue.trusted("0"), call.meter());
        return Operators.concatenated(text.part(0, sign), filled, call.meter());
    }

    private static TextValue padded(BuiltinCall call, int numerator, int denominator) {
        TextValue text = self(call);
        int width = call.count(0, 0);
        int missing = Math.max((int) Math.min((long) width - CodePoints.count(text), Integer.MAX_VALUE), 0);
        // Where both sides get fill and it does not come out even, Python puts more in front if the width is odd.
        int odd = denominator == 2 ? missing & width & 1 : 0;
        int before = missing / denominator * numerator + odd;
        return Texts.padded(text, before, missing - before, call.text(1, " "), call.meter());
    }

    private static Stream<Builtin> cutting() {
        return Stream.of(
                Builtin.of("split", "sep?, maxsplit?", call -> split(call, false)),
                Builtin.of("rsplit", "sep?, maxsplit?", call -> split(call, true)),
                Builtin.of(
                        "splitlines",
                        "keepends?",
                        call -> ListValue.list(Texts.lines(self(call), call.truth(0, false), call.meter()))),
                Builtin.of("partition", "sep", call -> partitioned(call, false)),
                Builtin.of("rpartition", "sep", call -> partitioned(call, true)));
    }

    private static ListValue split(BuiltinCall call, boolean fromEnd) {
        TextValue text = self(call);
        TextValue separator = characters(call);
        int limit = call.count(1, -1);
        if (separator == null) {
            return ListValue.list(
                    fromEnd ? Texts.wordsFromEnd(text, limit, call.meter()) : Texts.words(text, limit, call.meter()));
        }
        return ListValue.list(
                fromEnd
                        ? Texts.splitFromEnd(text, separator, limit, call.meter())
                        : Texts.split(text, separator, limit, call.meter()));
    }

    private static ListValue partitioned(BuiltinCall call, boolean fromEnd) {
        TextValue text = self(call);
        TextValue separator = call.text(0);
        List<Value> parts = fromEnd
                ? Texts.splitFromEnd(text, separator, 1, call.meter())
                : Texts.split(text, separator, 1, call.meter());
        if (parts.size() == 2) {
            return ListValue.tuple(List.of(parts.getFirst(), separator, parts.getLast()));
        }
        return ListValue.tuple(
                fromEnd
                        ? List.of(TextValue.EMPTY, TextValue.EMPTY, text)
                        : List.of(text, TextValue.EMPTY, TextValue.EMPTY));
    }

    private static Stream<Builtin> searching() {
        return Stream.of(
                Builtin.of("startswith", "prefix", call -> affix(call, String::startsWith)),
                Builtin.of("endswith", "suffix", call -> affix(call, String::endsWith)),
                Builtin.of("find", "sub", call -> index(call, searched(call, String::indexOf))),
                Builtin.of("rfind", "sub", call -> index(call, searched(call, String::lastIndexOf))),
                Builtin.of("index", "sub", call -> found(call, searched(call, String::indexOf))),
                Builtin.of("rindex", "sub", call -> found(call, searched(call, String::lastIndexOf))),
                Builtin.of("count", "sub", TextMethods::occurrences));
    }

    private static int searched(BuiltinCall call, ToIntBiFunction<String, String> search) {
        TextValue text = self(call);
        TextValue searched = call.text(0);
        Texts.paySearch(text, searched, call.meter());
        return search.applyAsInt(text.string(), searched.string());
    }

    private static Value affix(BuiltinCall call, BiPredicate<String, String> matches) {
        String text = self(call).string();
        call.meter().spend(call.value(0).extent().weight());
        if (call.value(0) instanceof ListValue choices && choices.tuple()) {
            return BoolValue.of(choices.elements().stream()
                    .anyMatch(
                            choice -> matches.test(text, Operators.text(choice).string())));
        }
        return BoolValue.of(matches.test(text, call.text(0).string()));
    }

    private static IntValue index(BuiltinCall call, int index) {
        return new IntValue(index < 0 ? index : CodePoints.before(self(call), index));
    }

    private static IntValue found(BuiltinCall call, int index) {
        if (index < 0) {
            throw new TemplateFault("'" + call.text(0).string() + "' is not in the text");
        }
        return index(call, index);
    }

    private static IntValue occurrences(BuiltinCall call) {
        TextValue text = self(call);
        TextValue searched = call.text(0);
        return new IntValue(
                searched.length() == 0
                        ? CodePoints.count(text) + 1L
                        : Texts.split(text, searched, -1, call.meter()).size() - 1L);
    }

    private static Stream<Builtin> asking() {
        return Stream.of(
                every("isdigit", Character::isDigit),
                every("isdecimal", Character::isDigit),
                every("isnumeric", Character::isDigit),
                every("isalpha", Character::isLetter),
                every("isalnum", Character::isLetterOrDigit),
                every("isspace", PythonSpace::isSpace),
                Builtin.of("isupper", "", call -> isCased(self(call), Texts.upper(self(call)))),
                Builtin.of("islower", "", call -> isCased(self(call), Texts.lower(self(call)))));
    }

    private static Builtin every(String name, IntPredicate predicate) {
        return Builtin.of(
                name,
                "",
                call -> BoolValue.of(
                        self(call).truth() && self(call).string().codePoints().allMatch(predicate)));
    }

    /** Whether a text is as it would be in one case, and would not be in the other. */
    static BoolValue isCased(TextValue text, TextValue inCase) {
        boolean hasCase = !Texts.upper(text).equals(Texts.lower(text));
        return BoolValue.of(hasCase && text.equals(inCase));
    }
}
