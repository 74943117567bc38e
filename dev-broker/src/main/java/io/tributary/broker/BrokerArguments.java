package io.tributary.broker;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The command line of {@link DevBrokerMain}.
 *
 * @param broker where the broker keeps its data and listens
 * @param readyFile written once the broker listens
 */
record BrokerArguments(DevBrokerConfiguration broker, Optional<Path> readyFile) {
    static final String USAGE = "--data DIRECTORY --port PORT --controller-port PORT [--ready-file FILE]";

    private static final Set<String> NAMES = Set.of("--data", "--port", "--controller-port", "--ready-file");

    /** @throws IllegalArgumentException for anything but what {@link #USAGE} says */
    static BrokerArguments parse(String... arguments) {
        Map<String, String> values = new HashMap<>();
        for (int index = 0; index < arguments.length; index += 2) {
            String name = arguments[index];
            if (!NAMES.contains(name)) {
                throw new IllegalArgumentException("unknown argument %s; the arguments are %s".formatted(name, USAGE));
            }
            if (index + 1 == arguments.length) {
                throw new IllegalArgumentException("%s lacks its value; the arguments are %s".formatted(name, USAGE));
            }
            if (values.put(name, arguments[index + 1]) != null) {
                throw new IllegalArgumentException("%s is given twice; once is enough".formatted(name));
            }
        }
        DevBrokerConfiguration broker = new DevBrokerConfiguration(
                Path.of(required(values, "--data")), port(values, "--port"), port(values, "--controller-port"));
        return new BrokerArguments(
                broker, Optional.ofNullable(values.get("--ready-file")).map(Path::of));
    }

    private static int port(Map<String, String> values, String name) {
        String value = required(values, name);
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException(
                    "%s is \"%s\"; a port from 1 to 65535 is needed".formatted(name, value), notANumber);
        }
    }

    private static String required(Map<String, String> values, String name) {
        @Nullable String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("%s is missing; the arguments are %s".formatted(name, USAGE));
        }
        return value;
    }
}
