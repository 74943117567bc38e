package io.tributary.models.architecture;

import io.tributary.checkpoints.GgufMetadata;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Typed metadata under {@code <architecture>.}.
 *
 * @param architecture the value of {@code general.architecture}
 */
record GgufFields(GgufMetadata metadata, String architecture) {

    String key(String suffix) {
        return architecture + "." + suffix;
    }

    int integer(String suffix, int least, int most) {
        return Bounds.integer(key(suffix), metadata.integer(key(suffix)), least, most);
    }

    OptionalInt optionalInteger(String suffix, int least, int most) {
        OptionalLong value = metadata.optionalInteger(key(suffix));
        return value.isPresent()
                ? OptionalInt.of(Bounds.integer(key(suffix), value.getAsLong(), least, most))
                : OptionalInt.empty();
    }
}
