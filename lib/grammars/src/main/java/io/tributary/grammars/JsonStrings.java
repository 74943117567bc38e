package io.tributary.grammars;

import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** JSON strings of a schema; lengths are in characters. */
final class JsonStrings {
    /** Any string. */
    static final Expression ANY =
            Expression.sequence(JsonText.QUOTE, Expression.any(JsonText.CHARACTER), JsonText.QUOTE);

    /** Days of months, and the last day of February in years that are divisible by 4, but of centuries by 400. */
    private static final String DATE = "(\\d{4}-((0[13578]|1[02])-(0[1-9]|[12]\\d|3[01])"
            + "|(0[469]|11)-(0[1-9]|[12]\\d|30)|02-(0[1-9]|1\\d|2[0-8]))"
            + "|(\\d\\d(0[48]|[2468][048]|[13579][26])|(0[48]|[2468][048]|[13579][26])00)-02-29)";

    private static final String TIME =
            "([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,9})?(Z|\\+(0\\d|1[0-4]):[0-5]\\d|-(0[1-9]|1[0-2]):[0-5]\\d)";
    private static final String OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
    private static final String MAIL_ATOM = "[A-Za-z0-9_+-]{1,20}";
    private static final String LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?";

    /** What each format stands for: RFC 3339, RFC 4122, RFC 2673, and the plain ones of RFC 5321. */
    private static final Map<String, String> FORMATS = Map.of(
            "date", "^" + DATE + "$",
            "time", "^" + TIME + "$",
            "date-time", "^" + DATE + "T" + TIME + "$",
            "uuid", "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$",
            "ipv4", "^" + OCTET + "(\\." + OCTET + "){3}$",
            "email", "^" + MAIL_ATOM + "(\\." + MAIL_ATOM + "){0,2}@(" + LABEL + "\\.){1,3}[A-Za-z]{2,10}$");

    private JsonStrings() {}

    static Expression of(SchemaNode schema) {
        String pattern = schema.text("pattern");
        String format = schema.text("format");
        int min = schema.count("minLength", 0);
        int max = schema.count("maxLength", Expression.UNBOUNDED);
        boolean length = schema.has("minLength") || schema.has("maxLength");
        if (pattern != null || format != null) {
            if (length || (pattern != null && format != null)) {
                throw schema.error(
                        pattern != null ? "pattern" : "format",
                        "pattern, format and lengths are not taken together; say all in one pattern");
            }
            return JsonText.string(pattern != null ? pattern(schema, pattern) : format(schema, format));
        }
        Expression characters = min > max ? Expression.NOTHING : new Expression.Repeat(JsonText.CHARACTER, min, max);
        return length ? Expression.sequence(JsonText.QUOTE, characters, JsonText.QUOTE) : ANY;
    }

    private static Expression pattern(SchemaNode schema, String pattern) {
        try {
            return RegularExpressionReader.search(pattern);
        } catch (InvalidGrammarException wrong) {
            throw schema.error("pattern", String.valueOf(wrong.getMessage()));
        }
    }

    private static Expression format(SchemaNode schema, @Nullable String format) {
        String pattern = format == null ? null : FORMATS.get(format);
        if (pattern == null) {
            throw schema.error(
                    "format",
                    format + " is not known; the formats are " + new TreeSet<>(FORMATS.keySet())
                            + "; a pattern can say others");
        }
        return RegularExpressionReader.search(pattern);
    }
}
