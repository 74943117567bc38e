package io.tributary.checkpoints;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A JSON object in a file of its own, with bounds for files that mean harm.
 *
 * @param bytes the file as it is
 */
record JsonDocument(JsonNode root, ByteBuffer bytes) {
    private static final int MAXIMAL_NESTING = 64;
    private static final int MAXIMAL_NUMBER_CHARACTERS = 64;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAXIMAL_NESTING)
                            .maxNumberLength(MAXIMAL_NUMBER_CHARACTERS)
                            .build())
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            // Python writes Infinity and NaN bare, and published configurations have them.
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    /**
     * @param maximalBytes the longest file that is read
     * @throws CheckpointNotFoundException when the file cannot be read
     * @throws MalformedCheckpointException when it is longer, or not one JSON object
     */
    static JsonDocument read(Path path, int maximalBytes) {
        byte[] bytes = bytes(path, maximalBytes);
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            if (MAPPER.readTree(text) instanceof ObjectNode object) {
                return new JsonDocument(object, ByteBuffer.wrap(bytes).asReadOnlyBuffer());
            }
        } catch (IOException cause) {
            throw new MalformedCheckpointException(path, "not valid JSON: " + reason(cause), cause);
        }
        throw new MalformedCheckpointException(path, "must hold one JSON object and nothing else");
    }

    /** What the parser has to say, with the place but without the text around it. */
    static String reason(IOException cause) {
        if (cause instanceof JsonProcessingException parsing) {
            var location = parsing.getLocation();
            String place = location == null
                    ? ""
                    : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
            return parsing.getOriginalMessage() + place;
        }
        return cause.toString();
    }

    private static byte[] bytes(Path path, int maximalBytes) {
        if (!Files.isRegularFile(path)) {
            throw new CheckpointNotFoundException(path + (Files.exists(path) ? " is not a file" : " does not exist"));
        }
        byte[] bytes;
        try (InputStream stream = Files.newInputStream(path)) {
            bytes = stream.readNBytes(maximalBytes + 1);
        } catch (IOException cause) {
            throw CheckpointNotFoundException.unreadable(path, cause);
        }
        if (bytes.length > maximalBytes) {
            throw new MalformedCheckpointException(path, "longer than the " + maximalBytes + " bytes allowed");
        }
        return bytes;
    }
}
