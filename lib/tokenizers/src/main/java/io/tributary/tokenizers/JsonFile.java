package io.tributary.tokenizers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Reads the JSON files of a Hugging Face directory. */
final class JsonFile {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private JsonFile() {}

    /** The object that the file holds. */
    static ObjectNode read(Path file) {
        JsonNode root;
        try {
            root = MAPPER.readTree(TokenizerFiles.bytes(file));
        } catch (IOException failure) {
            throw new MalformedTokenizerException(file, "it is no JSON: " + failure.getMessage(), failure);
        }
        if (root instanceof ObjectNode object) {
            return object;
        }
        throw new MalformedTokenizerException(file, "wanted is a JSON object, not " + root.getNodeType());
    }

    /** The object of a JSON text of our own. */
    static ObjectNode parse(String json) {
        try {
            return MAPPER.readValue(json, ObjectNode.class);
        } catch (JsonProcessingException failure) {
            throw new IllegalArgumentException("'" + json + "' is no JSON object", failure);
        }
    }

    /** An object with nothing in it, for a file that is not there. */
    static ObjectNode empty() {
        return MAPPER.createObjectNode();
    }

    /** The object under the key. */
    static ObjectNode object(ObjectNode parent, String key, Path file) {
        if (parent.get(key) instanceof ObjectNode object) {
            return object;
        }
        throw new MalformedTokenizerException(file, "'" + key + "' is missing, or no object");
    }

    /** Text to id of the entries of an object. */
    static Map<String, Integer> ids(ObjectNode vocabulary, Path file) {
        Map<String, Integer> ids = new HashMap<>();
        vocabulary.properties().forEach(entry -> ids.put(entry.getKey(), id(entry.getValue(), entry.getKey(), file)));
        return ids;
    }

    /** An id of a token. */
    static int id(JsonNode value, String token, Path file) {
        int limit = PieceTable.Builder.MAXIMAL_SIZE;
        if (value.canConvertToInt() && value.isIntegralNumber() && value.intValue() >= 0 && value.intValue() < limit) {
            return value.intValue();
        }
        throw new MalformedTokenizerException(
                file,
                "the id of the token '" + token + "' is " + value + "; wanted is a number from 0 to " + (limit - 1));
    }

    static String write(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
