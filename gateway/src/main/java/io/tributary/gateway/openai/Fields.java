package io.tributary.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The members of a JSON object, checked when they are read. A member that is null counts as absent. Every method throws
 * {@link OpenAiException} with status 400, naming the field, if a value has the wrong type or is out of range.
 *
 * @param object what was sent
 * @param path where it stands in the request, as in `messages[0].`; empty for the request itself
 */
record Fields(ObjectNode object, String path) {
    Optional<JsonNode> value(String name) {
        JsonNode value = object.get(name);
        return value == null || value.isNull() ? Optional.empty() : Optional.of(value);
    }

    Optional<String> text(String name) {
        return value(name).map(value -> text(name, value));
    }

    String requiredText(String name) {
        return text(name).orElseThrow(() -> missing(name, "a string"));
    }

    private String text(String name, JsonNode value) {
        if (!value.isTextual()) {
            throw wrongType(name, value, "a string");
        }
        return wellFormed(name, value.textValue());
    }

    /** Half a surrogate pair is no character, and could not be passed on. */
    private String wellFormed(String name, String text) {
        if (text.codePoints().anyMatch(code -> code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE)) {
            throw bad(name, "has half a surrogate pair; Unicode text is needed");
        }
        return text;
    }

    boolean flag(String name) {
        return value(name)
                .map(value -> {
                    if (!value.isBoolean()) {
                        throw wrongType(name, value, "true or false");
                    }
                    return value.booleanValue();
                })
                .orElse(false);
    }

    Optional<Float> number(String name) {
        return value(name).map(value -> number(name, value));
    }

    float number(String name, JsonNode value) {
        if (!value.isNumber()) {
            throw wrongType(name, value, "a number");
        }
        return value.floatValue();
    }

    OptionalLong whole(String name) {
        Optional<JsonNode> value = value(name);
        return value.isEmpty() ? OptionalLong.empty() : OptionalLong.of(whole(name, value.get()));
    }

    private long whole(String name, JsonNode value) {
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw wrongType(name, value, "a whole number of 64 bits");
        }
        return value.longValue();
    }

    OptionalInt whole(String name, int least, int most) {
        OptionalLong value = whole(name);
        return value.isEmpty() ? OptionalInt.empty() : OptionalInt.of(within(name, value.getAsLong(), least, most));
    }

    private int within(String name, long value, int least, int most) {
        if (value < least || value > most) {
            throw bad(name, "is %d; %d to %d are allowed".formatted(value, least, most));
        }
        return (int) value;
    }

    Optional<Fields> object(String name) {
        return value(name).map(value -> object(name, value));
    }

    private Fields object(String name, JsonNode value) {
        if (value instanceof ObjectNode inner) {
            return new Fields(inner, path + name + ".");
        }
        throw wrongType(name, value, "an object");
    }

    /** The objects of a list; empty if there is none. */
    List<Fields> objects(String name) {
        List<Fields> objects = new ArrayList<>();
        List<JsonNode> elements = list(name);
        for (int index = 0; index < elements.size(); index++) {
            objects.add(object("%s[%d]".formatted(name, index), elements.get(index)));
        }
        return objects;
    }

    /** The elements of a list; empty if there is none. */
    List<JsonNode> list(String name) {
        List<JsonNode> elements = new ArrayList<>();
        value(name).ifPresent(value -> {
            if (!value.isArray()) {
                throw wrongType(name, value, "a list");
            }
            value.forEach(elements::add);
        });
        return elements;
    }

    /** One text or a list of them; empty if there is none. */
    List<String> texts(String name) {
        return value(name).filter(JsonNode::isTextual).isPresent()
                ? List.of(requiredText(name))
                : texts(name, list(name));
    }

    List<String> texts(String name, List<JsonNode> elements) {
        List<String> texts = new ArrayList<>();
        for (int index = 0; index < elements.size(); index++) {
            texts.add(text("%s[%d]".formatted(name, index), elements.get(index)));
        }
        return texts;
    }

    /** Token ids. */
    List<Integer> ids(String name, Iterable<JsonNode> elements) {
        List<Integer> ids = new ArrayList<>();
        for (JsonNode element : elements) {
            String at = "%s[%d]".formatted(name, ids.size());
            ids.add(within(at, whole(at, element), 0, Integer.MAX_VALUE));
        }
        return ids;
    }

    /** Refuses fields that would have to change the answer, unless they have the value that changes nothing. */
    void refuse(String name, String neutral, String why) {
        value(name).filter(value -> !value.toString().equals(neutral)).ifPresent(value -> {
            throw bad(name, why);
        });
    }

    OpenAiException missing(String name, String expected) {
        return bad(name, "is missing; " + expected + " is needed");
    }

    OpenAiException wrongType(String name, JsonNode value, String expected) {
        String kind = value.getNodeType().name().toLowerCase(Locale.ROOT);
        return bad(name, "is a JSON %s but must be %s".formatted(kind, expected));
    }

    OpenAiException bad(String name, String problem) {
        return OpenAiException.field(path + name, problem);
    }
}
