package io.tributary.tokenizers.template;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Python's {@code format.format(values)}. Attributes and items of the values cannot be reached from a format. */
final class BraceFormat {
    private static final Pattern PLACE =
            Pattern.compile("\\{\\{|\\}\\}|\\{(?<name>\\w*)(?:!(?<conversion>[rs]))?(?::(?<format>[^{}]*))?\\}|[{}]");

    private BraceFormat() {}

    /** The format with the arguments of a call in their places. */
    static TextValue format(TextValue format, BuiltinCall call) {
        TextBuilder target = new TextBuilder(call.meter());
        Matcher places = PLACE.matcher(format.string());
        int position = 0;
        int next = 0;
        while (places.find()) {
            target.append(format.part(position, places.start()));
            position = places.end();
            if (places.group("name") == null) {
                target.append(brace(places, format));
            } else {
                String name = places.group("name").isEmpty() ? String.valueOf(next++) : places.group("name");
                target.append(placed(places, argument(name, call.arguments()), call.meter()));
            }
        }
        return target.append(format.part(position, format.length())).build();
    }

    private static TextValue brace(Matcher place, TextValue format) {
        if (place.end() - place.start() == 1) {
            throw new TemplateFault("the format has a single '" + place.group() + "'");
        }
        return format.part(place.start(), place.start() + 1);
    }

    private static Value argument(String name, Arguments arguments) {
        for (int index = 0; index < arguments.positional().size(); index++) {
            if (name.equals(String.valueOf(index))) {
                return arguments.positional().get(index);
            }
        }
        Value value = arguments.named().get(name);
        if (value == null) {
            throw new TemplateFault("the format has a place for '" + name + "', which is not given");
        }
        return value;
    }

    private static TextValue placed(Matcher place, Value value, Meter meter) {
        Value converted = "r".equals(place.group("conversion")) ? PythonText.repr(value, meter) : value;
        String format = place.group("format");
        return format == null || format.isEmpty()
                ? PythonText.str(converted, meter)
                : FormatSpecification.parse(format).format(converted, meter);
    }
}
