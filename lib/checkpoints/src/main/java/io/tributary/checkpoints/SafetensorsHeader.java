package io.tributary.checkpoints;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.util.ByteBufferBackedInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JSON header of a safetensors file token by token, so that a hostile one costs no more than its length.
 * What it declares is checked against the rest of the file by {@link SafetensorsLayout}.
 */
final class SafetensorsHeader {
    private static final String METADATA = "__metadata__";
    private static final int MAXIMAL_RANK = 32;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(4)
                    .maxNameLength(4096)
                    .maxNumberLength(64)
                    .build())
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private final Path path;
    private final JsonParser parser;
    private final Map<String, Declaration> tensors = new LinkedHashMap<>();
    private @Nullable Map<String, String> metadata;

    /** One tensor as the header has it: offsets in bytes from the end of the header, the end exclusive. */
    record Declaration(String name, TensorType type, List<Long> shape, long begin, long end) {}

    /** All that a header says, tensors in its order. */
    record Content(Map<String, String> metadata, List<Declaration> tensors) {}

    /** What has been read of one tensor so far; the fields may come in any order. */
    private static final class Fields {
        @Nullable
        TensorType type;

        @Nullable
        List<Long> shape;

        @Nullable
        List<Long> offsets;
    }

    private SafetensorsHeader(Path path, JsonParser parser) {
        this.path = path;
        this.parser = parser;
    }

    /** @throws CheckpointException when the text is not the header of a safetensors file */
    static Content parse(Path path, MemorySegment text) {
        try (Reader reader = new InputStreamReader(
                        new ByteBufferBackedInputStream(text.asByteBuffer()), StandardCharsets.UTF_8.newDecoder());
                JsonParser parser = JSON.createParser(reader)) {
            return new SafetensorsHeader(path, parser).content();
        } catch (IOException cause) {
            throw new MalformedCheckpointException(
                    path, "the header is not valid JSON: " + JsonDocument.reason(cause), cause);
        }
    }

    private Content content() throws IOException {
        expect(parser.nextToken(), JsonToken.START_OBJECT, "the header");
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            if (name.equals(METADATA)) {
                readMetadata();
            } else {
                readTensor(name);
            }
        }
        if (parser.nextToken() != null) {
            throw malformed("more text follows the JSON object of the header");
        }
        return new Content(metadata == null ? Map.of() : metadata, List.copyOf(tensors.values()));
    }

    private void readMetadata() throws IOException {
        if (metadata != null) {
            throw malformed(METADATA + " is stated twice");
        }
        Map<String, String> strings = new LinkedHashMap<>();
        expect(parser.nextToken(), JsonToken.START_OBJECT, METADATA);
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            expect(parser.nextToken(), JsonToken.VALUE_STRING, METADATA + "." + key);
            if (strings.putIfAbsent(key, parser.getText()) != null) {
                throw malformed(METADATA + "." + key + " is stated twice");
            }
        }
        metadata = Map.copyOf(strings);
    }

    private void readTensor(String name) throws IOException {
        if (tensors.size() == TensorDirectory.MAXIMAL_TENSORS) {
            throw malformed("the header declares more than " + TensorDirectory.MAXIMAL_TENSORS + " tensors");
        }
        Fields fields = new Fields();
        expect(parser.nextToken(), JsonToken.START_OBJECT, subject(name));
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String field = parser.currentName();
            if (readField(name, field, fields)) {
                throw malformed(subject(name) + " states " + field + " twice");
            }
        }
        if (fields.type == null || fields.shape == null || fields.offsets == null || fields.offsets.size() != 2) {
            throw malformed(subject(name) + " must state dtype, shape and the two data_offsets");
        }
        Declaration declaration =
                new Declaration(name, fields.type, fields.shape, fields.offsets.getFirst(), fields.offsets.getLast());
        if (tensors.putIfAbsent(name, declaration) != null) {
            throw malformed(subject(name) + " is declared twice");
        }
    }

    /** Whether the field had been read before. */
    private boolean readField(String tensor, String field, Fields fields) throws IOException {
        boolean repeated;
        switch (field) {
            case "dtype" -> {
                repeated = fields.type != null;
                fields.type = readType(tensor);
            }
            case "shape" -> {
                repeated = fields.shape != null;
                fields.shape = readNumbers(subject(tensor) + ", shape", MAXIMAL_RANK);
            }
            case "data_offsets" -> {
                repeated = fields.offsets != null;
                fields.offsets = readNumbers(subject(tensor) + ", data_offsets", 2);
            }
            default ->
                throw malformed(subject(tensor) + " has the unknown field '" + field
                        + "'; the fields are dtype, shape and data_offsets");
        }
        return repeated;
    }

    private static String subject(String tensor) {
        return "the tensor '" + tensor + "'";
    }

    private TensorType readType(String tensor) throws IOException {
        expect(parser.nextToken(), JsonToken.VALUE_STRING, "the dtype of " + subject(tensor));
        String dtype = parser.getText();
        return TensorType.ofSafetensorsDtype(dtype)
                .orElseThrow(() -> new UnsupportedTensorTypeException(
                        path, tensor, abbreviated(dtype), TensorType.safetensorsDtypes()));
    }

    private List<Long> readNumbers(String subject, int most) throws IOException {
        List<Long> numbers = new ArrayList<>();
        expect(parser.nextToken(), JsonToken.START_ARRAY, subject);
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            expect(parser.currentToken(), JsonToken.VALUE_NUMBER_INT, subject);
            if (numbers.size() == most) {
                throw malformed(subject + " has more than " + most + " numbers");
            }
            if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
                throw malformed(subject + " has the number " + parser.getText() + ", which is past 2^63 - 1");
            }
            numbers.add(parser.getLongValue());
        }
        return numbers;
    }

    private void expect(@Nullable JsonToken found, JsonToken wanted, String subject) {
        if (found != wanted) {
            throw malformed(subject + " must be " + described(wanted) + ", not " + described(found));
        }
    }

    private static String described(@Nullable JsonToken token) {
        return switch (token) {
            case null -> "nothing";
            case START_OBJECT -> "a JSON object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT -> "a whole number";
            case VALUE_NUMBER_FLOAT -> "a fraction";
            case VALUE_TRUE, VALUE_FALSE -> "true or false";
            case VALUE_NULL -> "null";
            default -> token.name();
        };
    }

    private static String abbreviated(String text) {
        return text.length() <= 32 ? text : text.substring(0, 32) + "…";
    }

    private MalformedCheckpointException malformed(String fault) {
        return new MalformedCheckpointException(path, fault);
    }
}
