package io.tributary.checkpoints;

import java.util.LinkedHashMap;
import java.util.Map;

/** Walks over the keys and values of a GGUF file, noting where each value lies without decoding it. */
final class GgufMetadataReader {
    static final long MAXIMAL_KEYS = 1 << 16;
    /** The length of a key, its type and the smallest value. */
    static final long MINIMAL_KEY_BYTES = Long.BYTES + Integer.BYTES + 1;

    private static final long MAXIMAL_KEY_LENGTH = (1 << 16) - 1;
    /** Whole tokenizer.json files are stored as one string. */
    private static final long MAXIMAL_STRING_BYTES = 1 << 27;

    private static final long MAXIMAL_ARRAY_ELEMENTS = 1 << 24;
    private static final int MAXIMAL_ARRAY_NESTING = 4;

    private final GgufCursor cursor;
    private final Map<String, GgufMetadata.Value> values = new LinkedHashMap<>();

    private GgufMetadataReader(GgufCursor cursor) {
        this.cursor = cursor;
    }

    /** Reads that many keys from where the cursor is. */
    static GgufMetadata read(GgufCursor cursor, long count) {
        GgufMetadataReader reader = new GgufMetadataReader(cursor);
        for (long index = 0; index < count; index++) {
            cursor.reading("key " + (index + 1) + " of " + count);
            reader.readPair();
        }
        return new GgufMetadata(cursor.path(), cursor.file(), reader.values);
    }

    private void readPair() {
        String key = cursor.string(MAXIMAL_KEY_LENGTH);
        cursor.reading("the value of '" + key + "'");
        GgufValueType type = readType();
        GgufMetadata.Value value;
        if (type == GgufValueType.ARRAY) {
            value = readArray(1);
        } else {
            value = new GgufMetadata.Scalar(type, cursor.position());
            skip(type);
        }
        if (values.putIfAbsent(key, value) != null) {
            throw cursor.malformed("the key occurs twice");
        }
    }

    private GgufValueType readType() {
        int id = cursor.int32();
        return GgufValueType.ofId(id)
                .orElseThrow(() -> cursor.malformed("the type is " + Integer.toUnsignedString(id) + "; known are 0 to "
                        + GgufValueType.FLOAT64.id()));
    }

    private GgufMetadata.Array readArray(int depth) {
        GgufValueType type = readType();
        int count = (int) cursor.count("array elements", MAXIMAL_ARRAY_ELEMENTS, type.minimalBytes());
        GgufMetadata.Array array = new GgufMetadata.Array(type, count, cursor.position());
        if (type == GgufValueType.ARRAY) {
            if (depth == MAXIMAL_ARRAY_NESTING) {
                throw cursor.malformed("arrays are nested more than " + MAXIMAL_ARRAY_NESTING + " deep");
            }
            for (int index = 0; index < count; index++) {
                readArray(depth + 1);
            }
        } else if (type == GgufValueType.STRING) {
            for (int index = 0; index < count; index++) {
                cursor.skipString(MAXIMAL_STRING_BYTES);
            }
        } else {
            cursor.advance((long) count * type.fixedBytes());
        }
        return array;
    }

    private void skip(GgufValueType scalar) {
        if (scalar == GgufValueType.STRING) {
            cursor.skipString(MAXIMAL_STRING_BYTES);
        } else {
            cursor.advance(scalar.fixedBytes());
        }
    }
}
