package io.tributary.architecture;

import io.tributary.architecture.ConfigurationSection.Property;
import java.util.List;
import java.util.stream.Collectors;

/** The page of all properties in Markdown. */
final class ConfigurationPage {
    private static final String HEADER = """
            # Configuration

            This page is generated from the Javadoc of the interfaces annotated with `@ConfigMapping`; a test fails when it
            differs from them. This writes it anew:

                ./tributary test -Dtest=ConfigurationTableTest -Dsurefire.failIfNoSpecifiedTests=false -Dtributary.docs.write=true

            A property is set by the environment variable next to it, or by a system property of its name (`-D` before
            `-jar`), which wins. A Duration is a number with a unit (`250ms`, `30s`, `5m`, `1h`), a MemorySize a number of
            bytes with or without a binary unit (`512M`, `2G`).

            Three things are set elsewhere. Addresses and ports are properties of Quarkus (`quarkus.grpc.server.port`,
            `quarkus.http.port`, `quarkus.grpc.clients.tokenizer.host`, ...), with our defaults in the
            `microprofile-config.properties` of `lib/edge` and `gateway`. The width of the kernels' vectors is the processor's
            unless the system property `tributary.kernels.vector-bits` is 128, 256 or 512; it never changes a result.
            Whether kernels use vectors is decided by the JVM (a line of the log says so when they don't, and what to do),
            unless the system property `tributary.kernels.path` is `vector` or `scalar`; that never changes a result either.
            """;

    private ConfigurationPage() {}

    static String of(List<ConfigurationSection> sections) {
        return HEADER + sections.stream().map(ConfigurationPage::section).collect(Collectors.joining());
    }

    private static String section(ConfigurationSection section) {
        return "\n## " + section.prefix() + "\n\n" + section.description() + "\n\n"
                + "| property | environment variable | type | default | meaning |\n|---|---|---|---|---|\n"
                + section.properties().stream().map(ConfigurationPage::row).collect(Collectors.joining());
    }

    private static String row(Property property) {
        return "| `%s` | `%s` | %s | %s | %s |\n"
                .formatted(
                        property.name(),
                        property.environmentVariable(),
                        cell(property.type()),
                        property.defaultValue().map(value -> "`" + value + "`").orElse("none"),
                        cell(property.description()));
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
