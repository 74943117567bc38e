package io.tributary.checkpoints;

import java.util.Arrays;
import java.util.Optional;

/** The types of metadata values in GGUF files. */
public enum GgufValueType {
    UINT8(0, 1),
    INT8(1, 1),
    UINT16(2, 2),
    INT16(3, 2),
    UINT32(4, 4),
    INT32(5, 4),
    FLOAT32(6, 4),
    BOOL(7, 1),
    STRING(8, 0),
    ARRAY(9, 0),
    UINT64(10, 8),
    INT64(11, 8),
    FLOAT64(12, 8);

    private final int id;
    private final int fixedBytes;

    GgufValueType(int id, int fixedBytes) {
        this.id = id;
        this.fixedBytes = fixedBytes;
    }

    /** The bytes of a value; 0 for strings and arrays, which say their length themselves. */
    int fixedBytes() {
        return fixedBytes;
    }

    /** The fewest bytes that a value can take in a file. */
    int minimalBytes() {
        return switch (this) {
            case STRING -> Long.BYTES;
            case ARRAY -> Integer.BYTES + Long.BYTES;
            default -> fixedBytes;
        };
    }

    /** Whether this is one of the eight types of whole numbers. */
    public boolean isInteger() {
        return switch (this) {
            case UINT8, INT8, UINT16, INT16, UINT32, INT32, UINT64, INT64 -> true;
            case FLOAT32, FLOAT64, BOOL, STRING, ARRAY -> false;
        };
    }

    /** Whether this is one of the two types of floating-point numbers. */
    public boolean isReal() {
        return this == FLOAT32 || this == FLOAT64;
    }

    /** The number that stands for the type in a file. */
    int id() {
        return id;
    }

    /** The type of that number; empty when there is none. */
    static Optional<GgufValueType> ofId(int id) {
        return Arrays.stream(values()).filter(type -> type.id == id).findFirst();
    }
}
