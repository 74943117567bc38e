package io.tributary.log;

import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import java.util.regex.Pattern;

/**
 * A topic of the log and the type of its records.
 *
 * @param name 1 to 249 characters of {@code [A-Za-z0-9._-]}, what Kafka allows
 * @param parser reads a record's bytes
 */
public record Topic<T extends Message>(String name, Parser<T> parser) {
    private static final Pattern LEGAL_NAME = Pattern.compile("[A-Za-z0-9._-]{1,249}");

    /** @throws IllegalArgumentException for a name that Kafka would refuse */
    public Topic {
        if (!LEGAL_NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "\"%s\" is no topic name; 1 to 249 characters of [A-Za-z0-9._-] are".formatted(name));
        }
    }
}
