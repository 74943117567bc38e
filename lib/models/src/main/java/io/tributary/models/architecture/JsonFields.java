package io.tributary.models.architecture;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * Typed fields of a JSON object; a missing field and one that is null are the same.
 *
 * @param prefix put in front of field names in messages, for example {@code rope_scaling.}
 */
record JsonFields(String prefix, JsonNode object) {

    boolean has(String name) {
        return object.hasNonNull(name);
    }

    int integer(String name, int least, int most) {
        if (!has(name)) {
            throw new InvalidArchitectureException(prefix + name, "missing", least + " to " + most);
        }
        return whole(prefix + name, object.get(name), least, most);
    }

    OptionalInt optionalInteger(String name, int least, int most) {
        return has(name) ? OptionalInt.of(integer(name, least, most)) : OptionalInt.empty();
    }

    OptionalDouble optionalReal(String name) {
        if (!has(name)) {
            return OptionalDouble.empty();
        }
        JsonNode value = object.get(name);
        if (!value.isNumber()) {
            throw new InvalidArchitectureException(prefix + name, value.toString(), "a number");
        }
        return OptionalDouble.of(value.doubleValue());
    }

    double real(String name) {
        return optionalReal(name)
                .orElseThrow(() -> new InvalidArchitectureException(prefix + name, "missing", "a number"));
    }

    boolean flag(String name, boolean whenMissing) {
        if (!has(name)) {
            return whenMissing;
        }
        JsonNode value = object.get(name);
        if (!value.isBoolean()) {
            throw new InvalidArchitectureException(prefix + name, value.toString(), "true or false");
        }
        return value.booleanValue();
    }

    String text(String name, String whenMissing) {
        if (!has(name)) {
            return whenMissing;
        }
        JsonNode value = object.get(name);
        if (!value.isTextual()) {
            throw new InvalidArchitectureException(prefix + name, value.toString(), "a text");
        }
        return value.textValue();
    }

    JsonFields child(String name) {
        JsonNode value = object.get(name);
        if (!value.isObject()) {
            throw new InvalidArchitectureException(prefix + name, value.toString(), "an object");
        }
        return new JsonFields(prefix + name + ".", value);
    }

    /** Token ids under a name, one or a list of them; empty when missing. */
    Set<Integer> tokenIds(String name, int vocabularySize) {
        return integers(name, 0, vocabularySize - 1);
    }

    /** Whole numbers under a name, one or a list of them; empty when missing. */
    Set<Integer> integers(String name, int least, int most) {
        Set<Integer> numbers = new TreeSet<>();
        if (!has(name)) {
            return numbers;
        }
        JsonNode value = object.get(name);
        if (value.isArray()) {
            value.forEach(each -> numbers.add(whole(prefix + name, each, least, most)));
        } else {
            numbers.add(whole(prefix + name, value, least, most));
        }
        return numbers;
    }

    private static int whole(String field, JsonNode value, int least, int most) {
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new InvalidArchitectureException(
                    field, value.toString(), "a whole number of " + least + " to " + most);
        }
        return Bounds.integer(field, value.longValue(), least, most);
    }
}
