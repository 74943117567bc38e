package io.tributary.gateway.openai;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Reads requests, which are hostile until shown otherwise, and writes responses. */
final class Json {
    private static final int DEEPEST = 64;
    private static final int MOST_TOKENS = 500_000;
    private static final int LONGEST_NAME = 1024;
    private static final int LONGEST_NUMBER = 100;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .maxTokenCount(MOST_TOKENS)
                            .maxNameLength(LONGEST_NAME)
                            .maxNumberLength(LONGEST_NUMBER)
                            .build())
                    .build())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    /**
     * The members of a request's body.
     *
     * @throws OpenAiException status 400 if it is no JSON object, or one that is too deep or has too many parts
     */
    static Fields read(byte[] body) {
        try {
            if (MAPPER.readTree(body) instanceof ObjectNode object) {
                return new Fields(object, "");
            }
        } catch (JsonProcessingException malformed) {
            throw new OpenAiException(OpenAiError.invalidRequest(
                    400, "the body is no JSON that can be read: " + malformed.getOriginalMessage() + where(malformed)));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        throw new OpenAiException(OpenAiError.invalidRequest(400, "the body is no JSON object; one is needed"));
    }

    private static String where(JsonProcessingException malformed) {
        var location = malformed.getLocation();
        return location == null ? "" : " (line %d, column %d)".formatted(location.getLineNr(), location.getColumnNr());
    }

    /** The value that a text is, or null if it is no JSON. */
    static @Nullable JsonNode parse(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException _) {
            return null;
        }
    }

    /** An object to fill. */
    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** The JSON text of a response, or of a part of a request. */
    static String write(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException failure) {
            throw new IllegalArgumentException("no JSON can be made of " + value.getClass(), failure);
        }
    }
}
