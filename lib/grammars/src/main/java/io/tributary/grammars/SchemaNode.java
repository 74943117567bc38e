package io.tributary.grammars;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A schema that is a JSON object, with the place it was read from, so that errors can name it.
 *
 * @param pointer a JSON pointer in the form of a URI fragment
 */
record SchemaNode(ObjectNode keywords, String pointer) {
    boolean has(String keyword) {
        return keywords.has(keyword);
    }

    @Nullable
    JsonNode get(String keyword) {
        return keywords.get(keyword);
    }

    /** The value of a keyword that counts something, or a default. */
    int count(String keyword, int otherwise) {
        JsonNode value = get(keyword);
        if (value == null) {
            return otherwise;
        }
        if (!value.isNumber()
                || value.decimalValue().signum() < 0
                || value.decimalValue().compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) >= 0
                || value.decimalValue().stripTrailingZeros().scale() > 0) {
            throw error(
                    keyword,
                    "a whole number from 0 to " + (Integer.MAX_VALUE - 1) + " is needed, not " + shortened(value));
        }
        return value.decimalValue().intValue();
    }

    /** The number of a keyword, null if it is not there. */
    @Nullable
    BigDecimal number(String keyword) {
        JsonNode value = get(keyword);
        if (value == null) {
            return null;
        }
        if (!value.isNumber()) {
            throw error(keyword, "a number is needed, not " + shortened(value));
        }
        return value.decimalValue();
    }

    @Nullable
    String text(String keyword) {
        JsonNode value = get(keyword);
        if (value == null) {
            return null;
        }
        if (!value.isTextual()) {
            throw error(keyword, "a string is needed, not " + shortened(value));
        }
        return value.textValue();
    }

    /** The members of a keyword's array, none if it is not there. */
    List<JsonNode> list(String keyword) {
        JsonNode value = get(keyword);
        List<JsonNode> members = new ArrayList<>();
        if (value != null) {
            if (!value.isArray()) {
                throw error(keyword, "an array is needed, not " + shortened(value));
            }
            value.forEach(members::add);
        }
        return members;
    }

    /** The same schema, to be changed; what its keywords say is shared. */
    SchemaNode copy() {
        return new SchemaNode(copy(keywords), pointer);
    }

    /** An object of the same members. */
    static ObjectNode copy(ObjectNode original) {
        ObjectNode copy = JsonNodeFactory.instance.objectNode();
        copy.setAll(original);
        return copy;
    }

    /** The same schema with one keyword less. */
    SchemaNode without(String keyword) {
        SchemaNode copy = copy();
        copy.keywords.remove(keyword);
        return copy;
    }

    /** The place of a keyword, or of what is in it. */
    String at(String... path) {
        StringBuilder place = new StringBuilder(pointer);
        for (String part : path) {
            place.append('/').append(part.replace("~", "~0").replace("/", "~1"));
        }
        return place.toString();
    }

    /** A value for a message. */
    static String shortened(JsonNode value) {
        String text = value.toString();
        return text.length() <= 80 ? text : text.substring(0, 80) + "...";
    }

    InvalidGrammarException error(String keyword, String message) {
        return errorAt(at(keyword), message);
    }

    InvalidGrammarException error(String message) {
        return errorAt(pointer, message);
    }

    static InvalidGrammarException errorAt(String pointer, String message) {
        return new InvalidGrammarException("JSON schema, " + pointer + ": " + message);
    }
}
