package io.tributary.tokenizers.template;

import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Python's {@code format % values}. */
final class PrintfFormat {
    private static final Pattern PLACE = Pattern.compile(
            "%(?:\\((?<name>[^)%]{0,256})\\))?(?<flags>[-+0]*)(?<rest>\\d{0,4}(?:\\.\\d{1,2})?)(?<type>[a-zA-Z%])");

    private PrintfFormat() {}

    /** The format with the values, a tuple of several or one alone, in their places. */
    static TextValue format(TextValue format, Value values, Meter meter) {
        List<Value> several = values instanceof ListValue list && list.tuple() ? list.elements() : List.of(values);
        Iterator<Value> rest = several.iterator();
        TextBuilder target = new TextBuilder(meter);
        Matcher places = PLACE.matcher(format.string());
        int position = 0;
        while (places.find()) {
            target.append(format.part(position, places.start()));
            position = places.end();
            target.append(placed(places, values, rest, meter));
        }
        if (rest.hasNext() && !(values instanceof MappingValue)) {
            throw new TemplateFault("not all values have a place in the format");
        }
        return target.append(format.part(position, format.length())).build();
    }

    private static TextValue placed(Matcher place, Value values, Iterator<Value> rest, Meter meter) {
        if (place.group("type").equals("%")) {
            return TextValue.trusted("%");
        }
        Value value = place.group("name") == null
                ? next(rest)
                : Attributes.item(values, TextValue.trusted(place.group("name")), meter);
        return specification(place).format(value, meter);
    }

    private static Value next(Iterator<Value> rest) {
        if (!rest.hasNext()) {
            throw new TemplateFault("there are fewer values than places in the format");
        }
        return rest.next();
    }

    private static FormatSpecification specification(Matcher place) {
        String flags = place.group("flags");
        String type = place.group("type").equals("i") ? "d" : place.group("type");
        String align = flags.contains("-") ? "<" : type.equals("s") || type.equals("r") ? ">" : "";
        String zero = flags.contains("0") && align.isEmpty() ? "0" : "";
        return FormatSpecification.parse(align + (flags.contains("+") ? "+" : "") + zero + place.group("rest") + type);
    }
}
