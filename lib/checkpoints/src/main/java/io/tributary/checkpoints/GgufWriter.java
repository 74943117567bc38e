package io.tributary.checkpoints;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Collects metadata and tensors and writes them as a GGUF file of version 3. Not safe for use by several threads.
 *
 * <p>Every method that adds something fails with an {@link IllegalArgumentException} when the key or name is taken, or
 * the value does not fit its type.
 */
public final class GgufWriter {
    private static final int VERSION = 3;

    private final long alignment;
    private final ByteArrayOutputStream metadata = new ByteArrayOutputStream();
    private final Set<String> keys = new HashSet<>();
    private final List<StoredTensor> tensors = new ArrayList<>();
    private final Set<String> tensorNames = new HashSet<>();

    /** A writer that aligns tensors to 32 bytes, the default of the format. */
    public GgufWriter() {
        this.alignment = GgufCheckpoint.DEFAULT_ALIGNMENT;
    }

    /**
     * A writer that states general.alignment.
     *
     * @param alignment of the tensors in bytes, a power of two
     */
    public GgufWriter(int alignment) {
        if (alignment < 1 || Integer.bitCount(alignment) != 1) {
            throw new IllegalArgumentException("The alignment must be a power of two, not " + alignment);
        }
        this.alignment = alignment;
        integer(GgufCheckpoint.ALIGNMENT_KEY, GgufValueType.UINT32, alignment);
    }

    /** Adds a text. */
    public GgufWriter string(String key, String value) {
        begin(key, GgufValueType.STRING);
        text(metadata, value);
        return this;
    }

    /** Adds a truth value. */
    public GgufWriter flag(String key, boolean value) {
        begin(key, GgufValueType.BOOL);
        metadata.write(value ? 1 : 0);
        return this;
    }

    /** Adds a whole number as UINT32, the type of nearly all keys that the format standardises. */
    public GgufWriter integer(String key, long value) {
        return integer(key, GgufValueType.UINT32, value);
    }

    /** Adds a whole number; one that the type cannot hold is refused. */
    public GgufWriter integer(String key, GgufValueType type, long value) {
        checkIntegers(key, type, value);
        begin(key, type);
        integer(type, value);
        return this;
    }

    /** Adds a floating-point number as FLOAT32. */
    public GgufWriter real(String key, float value) {
        return real(key, GgufValueType.FLOAT32, value);
    }

    /** Adds a floating-point number, rounded to the type. */
    public GgufWriter real(String key, GgufValueType type, double value) {
        checkReal(key, type);
        begin(key, type);
        real(type, value);
        return this;
    }

    /** Adds an array of texts. */
    public GgufWriter strings(String key, List<String> values) {
        beginArray(key, GgufValueType.STRING, values.size());
        values.forEach(value -> text(metadata, value));
        return this;
    }

    /** Adds an array of whole numbers; one that the type cannot hold is refused. */
    public GgufWriter integers(String key, GgufValueType elementType, long... values) {
        checkIntegers(key, elementType, values);
        beginArray(key, elementType, values.length);
        for (long value : values) {
            integer(elementType, value);
        }
        return this;
    }

    /** Adds an array of floating-point numbers, rounded to the type. */
    public GgufWriter reals(String key, GgufValueType elementType, double... values) {
        checkReal(key, elementType);
        beginArray(key, elementType, values.length);
        for (double value : values) {
            real(elementType, value);
        }
        return this;
    }

    /**
     * Adds a tensor, whose bytes are read when the file is written.
     *
     * @throws IllegalArgumentException when the name is taken, or GGUF has no such type or rank
     */
    public GgufWriter tensor(StoredTensor tensor) {
        if (tensor.type().ggmlId().isEmpty()) {
            throw new IllegalArgumentException("The tensor '" + tensor.name() + "' is of type " + tensor.type()
                    + ", which GGUF has not; it has " + TensorType.ggmlTypes());
        }
        if (tensor.shape().size() > GgufTensorReader.MAXIMAL_RANK) {
            throw new IllegalArgumentException("The tensor '" + tensor.name() + "' of shape " + tensor.shape()
                    + " has more than the " + GgufTensorReader.MAXIMAL_RANK + " dimensions that GGUF allows");
        }
        if (!tensorNames.add(tensor.name())) {
            throw new IllegalArgumentException("Two tensors are called '" + tensor.name() + "'");
        }
        tensors.add(tensor);
        return this;
    }

    /**
     * Writes the file at once: a reader sees the one before or the new one, never a part.
     *
     * @throws java.io.UncheckedIOException when the file cannot be written
     */
    public void write(Path path) {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int32(head, GgufCheckpoint.MAGIC);
        int32(head, VERSION);
        int64(head, tensors.size());
        int64(head, keys.size());
        head.writeBytes(metadata.toByteArray());
        long offset = 0;
        for (StoredTensor tensor : tensors) {
            declare(head, tensor, offset);
            offset = aligned(offset + tensor.data().byteSize());
        }
        pad(head);
        ReplacedFile.write(path, channel -> {
            ReplacedFile.writeFully(channel, ByteBuffer.wrap(head.toByteArray()));
            for (StoredTensor tensor : tensors) {
                ReplacedFile.writeFully(channel, tensor.data());
                ReplacedFile.writeFully(channel, ByteBuffer.allocate((int) padding(channel.position())));
            }
        });
    }

    private static void declare(ByteArrayOutputStream head, StoredTensor tensor, long offset) {
        text(head, tensor.name());
        int32(head, tensor.shape().size());
        tensor.shape().reversed().forEach(extent -> int64(head, extent));
        int32(head, tensor.type().ggmlId().orElseThrow());
        int64(head, offset);
    }

    private long aligned(long position) {
        return position + padding(position);
    }

    private long padding(long position) {
        return Math.floorMod(-position, alignment);
    }

    private void pad(ByteArrayOutputStream head) {
        head.writeBytes(new byte[(int) padding(head.size())]);
    }

    private void begin(String key, GgufValueType type) {
        if (!keys.add(key)) {
            throw new IllegalArgumentException("The key '" + key + "' is set twice");
        }
        text(metadata, key);
        int32(metadata, type.id());
    }

    private void beginArray(String key, GgufValueType elementType, int count) {
        begin(key, GgufValueType.ARRAY);
        int32(metadata, elementType.id());
        int64(metadata, count);
    }

    private void integer(GgufValueType type, long value) {
        int bits = type.fixedBytes() * Byte.SIZE;
        for (int shift = 0; shift < bits; shift += Byte.SIZE) {
            metadata.write((int) (value >> shift));
        }
    }

    private void real(GgufValueType type, double value) {
        if (type == GgufValueType.FLOAT32) {
            int32(metadata, Float.floatToRawIntBits((float) value));
        } else {
            int64(metadata, Double.doubleToRawLongBits(value));
        }
    }

    private static void checkIntegers(String key, GgufValueType type, long... values) {
        if (!type.isInteger()) {
            throw new IllegalArgumentException("The key '" + key + "': " + type + " is not a type of whole numbers");
        }
        boolean signed = type.name().startsWith("INT");
        int unusedBits = Long.SIZE - type.fixedBytes() * Byte.SIZE;
        for (long value : values) {
            long kept = signed ? value << unusedBits >> unusedBits : value << unusedBits >>> unusedBits;
            if (kept != value || (!signed && value < 0)) {
                throw new IllegalArgumentException("The key '" + key + "': " + value + " does not fit into " + type);
            }
        }
    }

    private static void checkReal(String key, GgufValueType type) {
        if (!type.isReal()) {
            throw new IllegalArgumentException(
                    "The key '" + key + "': " + type + " is not a type of floating-point numbers");
        }
    }

    private static void text(ByteArrayOutputStream target, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int64(target, bytes.length);
        target.writeBytes(bytes);
    }

    private static void int32(ByteArrayOutputStream target, int value) {
        target.writeBytes(ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array());
    }

    private static void int64(ByteArrayOutputStream target, long value) {
        target.writeBytes(ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array());
    }
}
