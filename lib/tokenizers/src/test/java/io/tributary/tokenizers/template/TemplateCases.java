package io.tributary.tokenizers.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The templates under src/test/resources/chat-templates, and what other engines make of them. */
final class TemplateCases {
    static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-05T07:08:09Z"), ZoneOffset.UTC);

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String OWN = "/chat-templates/";
    private static final String FAMILIES = "/io/tributary/tokenizers/chat-templates/";

    private TemplateCases() {}

    /** A template, what it is given, and what comes of it: the field {@code text}, or {@code error}. */
    record Case(String name, String template, ObjectNode variables, Map<String, String> constants, JsonNode expected) {
        @Override
        public String toString() {
            return name;
        }

        RenderedChat render() {
            return ChatTemplate.of(template, constants, TemplateLimits.DEFAULT, CLOCK)
                    .render(variables);
        }
    }

    static List<Case> read(String name) {
        return read(name, json(text(OWN + name + ".expected.json")));
    }

    static List<Case> read(String name, JsonNode results) {
        List<Case> cases = new ArrayList<>();
        for (JsonNode written : json(text(OWN + name + ".json"))) {
            String template = written.has("template")
                    ? written.get("template").textValue()
                    : source(written.get("file").textValue());
            Map<String, String> constants = new HashMap<>();
            written.path("constants")
                    .properties()
                    .forEach(entry ->
                            constants.put(entry.getKey(), entry.getValue().textValue()));
            cases.add(new Case(
                    written.path("name").asText(template),
                    template,
                    (ObjectNode) written.get("variables"),
                    constants,
                    results.get(cases.size())));
        }
        return cases;
    }

    private static String source(String file) {
        return text((TemplateCases.class.getResource(OWN + file) == null ? FAMILIES : OWN) + file);
    }

    static JsonNode json(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String text(String resource) {
        try (InputStream input = Objects.requireNonNull(TemplateCases.class.getResourceAsStream(resource), resource)) {
            return new String(input.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** What a template renders to when it is given the JSON text of its variables. */
    static RenderedChat render(String template, String variables) {
        return ChatTemplate.of(template, Map.of("bos_token", "<s>"), TemplateLimits.DEFAULT, CLOCK)
                .render((ObjectNode) json(variables));
    }

    static String render(String template) {
        return ChatTemplate.of(template, Map.of(), TemplateLimits.DEFAULT, CLOCK)
                .render(JsonNodeFactory.instance.objectNode())
                .text();
    }
}
