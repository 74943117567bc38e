package io.tributary.checkpoints;

import static java.util.Objects.requireNonNull;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A tensor as it lies in its file: row-major, little endian, in the blocks of its type.
 *
 * @param shape the extents, outermost first for every format; empty for a scalar
 * @param data exactly the bytes of the tensor; read-only and mapped when read from a checkpoint, then alive until the
 *     checkpoint is closed. There is no promise of alignment: read it with unaligned layouts
 */
public record StoredTensor(String name, TensorType type, List<Long> shape, MemorySegment data) {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** @throws IllegalArgumentException when data is not as long as the type and shape say */
    public StoredTensor {
        requireNonNull(name, "name");
        shape = List.copyOf(shape);
        long expected = TensorShape.bytes(type, shape);
        if (data.byteSize() != expected) {
            throw new IllegalArgumentException("the tensor '" + name + "' of type " + type + " and shape " + shape
                    + " takes " + expected + " bytes, not " + data.byteSize());
        }
    }

    /** A new F32 tensor off the heap that lives as long as it is reachable, for writing checkpoints. */
    public static StoredTensor ofFloats(String name, List<Long> shape, float... values) {
        MemorySegment data = Arena.ofAuto().allocate((long) values.length * Float.BYTES, 64);
        for (int index = 0; index < values.length; index++) {
            data.set(FLOAT, (long) index * Float.BYTES, values[index]);
        }
        return new StoredTensor(name, TensorType.F32, shape, data);
    }

    /** The product of the extents; 1 for a scalar. */
    public long elements() {
        return TensorShape.elements(shape);
    }
}
