package io.tributary.checkpoints;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * The keys and values of a GGUF file. Values are decoded from the mapped file when they are asked for, so that opening
 * a file with a large vocabulary costs little; keep what you take instead of asking again, and take it before the
 * checkpoint is closed.
 *
 * <p>The plain getters fail with a {@link MalformedCheckpointException} when the key is missing; they and the optional
 * ones do when the value is of another type than asked for. Whole numbers and floating-point numbers of every width are
 * accepted for {@code integer} and {@code real}, but neither for the other.
 */
public final class GgufMetadata {
    private static final ValueLayout.OfShort INT16 =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT32 =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble FLOAT64 =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path path;
    private final MemorySegment file;
    private final Map<String, Value> values;

    /** Where a value lies in the file. */
    sealed interface Value {
        long offset();
    }

    record Scalar(GgufValueType type, long offset) implements Value {}

    record Array(GgufValueType elementType, int count, long offset) implements Value {}

    GgufMetadata(Path path, MemorySegment file, Map<String, Value> values) {
        this.path = path;
        this.file = file;
        this.values = values;
    }

    /** All keys in the order of the file. */
    public Collection<String> keys() {
        return Collections.unmodifiableSet(values.keySet());
    }

    /** Whether the file has the key. */
    public boolean contains(String key) {
        return values.containsKey(key);
    }

    /**
     * Whether the file has the key and its value is an array. Some keys hold either one number for all layers or an
     * array with one for each.
     */
    public boolean isArray(String key) {
        return values.get(key) instanceof Array;
    }

    /** The text under the key. */
    public String string(String key) {
        return stringAt(
                key,
                scalar(key, "a string", type -> type == GgufValueType.STRING).offset());
    }

    /** The whole number under the key. */
    public long integer(String key) {
        Scalar scalar = scalar(key, "a whole number", GgufValueType::isInteger);
        return integerAt(key, scalar.type(), scalar.offset());
    }

    /** The floating-point number under the key. */
    public double real(String key) {
        Scalar scalar = scalar(key, "a floating-point number", GgufValueType::isReal);
        return realAt(scalar.type(), scalar.offset());
    }

    /** The truth value under the key. */
    public boolean flag(String key) {
        byte value = file.get(
                ValueLayout.JAVA_BYTE,
                scalar(key, "a truth value", type -> type == GgufValueType.BOOL).offset());
        return switch (value) {
            case 0 -> false;
            case 1 -> true;
            default -> throw malformed(key, "the truth value is the byte " + value + ", neither 0 nor 1");
        };
    }

    /** The array of texts under the key, decoded anew at every call. */
    public List<String> strings(String key) {
        Array array = array(key, "strings", type -> type == GgufValueType.STRING);
        List<String> strings = new ArrayList<>(array.count());
        long offset = array.offset();
        for (int index = 0; index < array.count(); index++) {
            strings.add(stringAt(key, offset));
            offset += Long.BYTES + file.get(GgufCursor.INT64, offset);
        }
        return Collections.unmodifiableList(strings);
    }

    /** The array of whole numbers under the key, decoded anew at every call. */
    public long[] integers(String key) {
        Array array = array(key, "whole numbers", GgufValueType::isInteger);
        long[] integers = new long[array.count()];
        for (int index = 0; index < integers.length; index++) {
            GgufValueType type = array.elementType();
            integers[index] = integerAt(key, type, array.offset() + (long) index * type.fixedBytes());
        }
        return integers;
    }

    /** The array of floating-point numbers under the key, decoded anew at every call. */
    public double[] reals(String key) {
        Array array = array(key, "floating-point numbers", GgufValueType::isReal);
        double[] reals = new double[array.count()];
        for (int index = 0; index < reals.length; index++) {
            GgufValueType type = array.elementType();
            reals[index] = realAt(type, array.offset() + (long) index * type.fixedBytes());
        }
        return reals;
    }

    /** As {@link #string}; empty when the key is missing. */
    public Optional<String> optionalString(String key) {
        return contains(key) ? Optional.of(string(key)) : Optional.empty();
    }

    /** As {@link #integer}; empty when the key is missing. */
    public OptionalLong optionalInteger(String key) {
        return contains(key) ? OptionalLong.of(integer(key)) : OptionalLong.empty();
    }

    /** As {@link #real}; empty when the key is missing. */
    public OptionalDouble optionalReal(String key) {
        return contains(key) ? OptionalDouble.of(real(key)) : OptionalDouble.empty();
    }

    /** As {@link #flag}; empty when the key is missing. */
    public Optional<Boolean> optionalFlag(String key) {
        return contains(key) ? Optional.of(flag(key)) : Optional.empty();
    }

    /** As {@link #strings}; empty when the key is missing. */
    public Optional<List<String>> optionalStrings(String key) {
        return contains(key) ? Optional.of(strings(key)) : Optional.empty();
    }

    /** As {@link #integers}; empty when the key is missing. */
    public Optional<long[]> optionalIntegers(String key) {
        return contains(key) ? Optional.of(integers(key)) : Optional.empty();
    }

    /** As {@link #reals}; empty when the key is missing. */
    public Optional<double[]> optionalReals(String key) {
        return contains(key) ? Optional.of(reals(key)) : Optional.empty();
    }

    private String stringAt(String key, long offset) {
        long length = file.get(GgufCursor.INT64, offset);
        return GgufCursor.text(path, "the value of '" + key + "'", file.asSlice(offset + Long.BYTES, length));
    }

    private long integerAt(String key, GgufValueType type, long offset) {
        return switch (type) {
            case UINT8 -> Byte.toUnsignedLong(file.get(ValueLayout.JAVA_BYTE, offset));
            case INT8 -> file.get(ValueLayout.JAVA_BYTE, offset);
            case UINT16 -> Short.toUnsignedLong(file.get(INT16, offset));
            case INT16 -> file.get(INT16, offset);
            case UINT32 -> Integer.toUnsignedLong(file.get(GgufCursor.INT32, offset));
            case INT32 -> file.get(GgufCursor.INT32, offset);
            case INT64 -> file.get(GgufCursor.INT64, offset);
            case UINT64 -> {
                long value = file.get(GgufCursor.INT64, offset);
                if (value < 0) {
                    throw malformed(
                            key,
                            "the number " + Long.toUnsignedString(value) + " is past the largest allowed, 2^63 - 1");
                }
                yield value;
            }
            case FLOAT32, FLOAT64, BOOL, STRING, ARRAY -> throw new IllegalArgumentException(type + " is no integer");
        };
    }

    private double realAt(GgufValueType type, long offset) {
        return type == GgufValueType.FLOAT32 ? file.get(FLOAT32, offset) : file.get(FLOAT64, offset);
    }

    /** Which types a getter takes. */
    @FunctionalInterface
    private interface Acceptance {
        boolean accepts(GgufValueType type);
    }

    private Scalar scalar(String key, String wanted, Acceptance acceptance) {
        Value value = value(key);
        if (value instanceof Scalar scalar && acceptance.accepts(scalar.type())) {
            return scalar;
        }
        throw malformed(key, "wanted is " + wanted + ", but the value is " + described(value));
    }

    private Array array(String key, String wanted, Acceptance acceptance) {
        Value value = value(key);
        if (value instanceof Array array && acceptance.accepts(array.elementType())) {
            return array;
        }
        throw malformed(key, "wanted is an array of " + wanted + ", but the value is " + described(value));
    }

    private Value value(String key) {
        Value value = values.get(key);
        if (value == null) {
            throw new MalformedCheckpointException(path, "the metadata has no key '" + key + "'");
        }
        return value;
    }

    private static String described(Value value) {
        return switch (value) {
            case Scalar scalar -> "of type " + scalar.type();
            case Array array -> "an array of " + array.count() + " × " + array.elementType();
        };
    }

    private MalformedCheckpointException malformed(String key, String fault) {
        return new MalformedCheckpointException(path, "the key '" + key + "': " + fault);
    }
}
