package io.tributary.checkpoints;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Walks through the fields of one protobuf message within a file; what lies beyond the message is out of reach. */
final class OnnxCursor {
    /** A variable-length integer. */
    static final int VARINT = 0;

    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;
    private static final int WIRE_TYPE_BITS = 3;
    private static final int VARINT_BITS = 7;
    private static final int MAXIMAL_TEXT = 1 << 16;

    private final Path path;
    private final MemorySegment file;
    private final long end;
    private long position;
    private int wireType;
    private long value;
    private long start;

    OnnxCursor(Path path, MemorySegment file) {
        this(path, file, 0, file.byteSize());
    }

    private OnnxCursor(Path path, MemorySegment file, long position, long end) {
        this.path = path;
        this.file = file;
        this.position = position;
        this.end = end;
    }

    /** The number of the next field, whose content the other methods give; 0 at the end. */
    int next() {
        if (position == end) {
            return 0;
        }
        long key = varint();
        wireType = (int) key & ((1 << WIRE_TYPE_BITS) - 1);
        long field = key >>> WIRE_TYPE_BITS;
        if (field < 1 || field > Integer.MAX_VALUE) {
            throw malformed("a field has the number " + Long.toUnsignedString(field));
        }
        start = position;
        switch (wireType) {
            case VARINT -> value = varint();
            case FIXED64 -> skip(Long.BYTES);
            case FIXED32 -> skip(Integer.BYTES);
            case BYTES -> {
                long length = varint();
                start = position;
                skip(length);
            }
            default -> throw malformed("a field has the wire type " + wireType);
        }
        return (int) field;
    }

    /** Whether the field is an integer of its own, and not a packed list of them. */
    boolean isInteger() {
        return wireType == VARINT;
    }

    long integer() {
        require(VARINT);
        return value;
    }

    /** The message that the field holds. */
    OnnxCursor message() {
        require(BYTES);
        return new OnnxCursor(path, file, start, position);
    }

    MemorySegment bytes() {
        require(BYTES);
        return file.asSlice(start, position - start);
    }

    /** Where the field's bytes are in the file. */
    long offset() {
        return start;
    }

    String text() {
        MemorySegment bytes = bytes();
        if (bytes.byteSize() > MAXIMAL_TEXT) {
            throw malformed("a name has " + bytes.byteSize() + " bytes; at most " + MAXIMAL_TEXT + " are allowed");
        }
        return new String(bytes.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }

    /** The next of the integers that stand in a message one after the other. */
    long packedInteger() {
        return varint();
    }

    boolean atEnd() {
        return position == end;
    }

    MalformedCheckpointException malformed(String problem) {
        return new MalformedCheckpointException(path, problem + ", at byte " + position);
    }

    private void require(int expected) {
        if (wireType != expected) {
            throw malformed("a field has the wire type " + wireType + " instead of " + expected);
        }
    }

    private void skip(long length) {
        if (length < 0 || length > end - position) {
            throw malformed(
                    "a field of " + Long.toUnsignedString(length) + " bytes where " + (end - position) + " are left");
        }
        position += length;
    }

    private long varint() {
        long result = 0;
        for (int shift = 0; shift < Long.SIZE; shift += VARINT_BITS) {
            if (position == end) {
                throw malformed("a number is cut off");
            }
            byte next = file.get(ValueLayout.JAVA_BYTE, position);
            position++;
            result |= (long) (next & Byte.MAX_VALUE) << shift;
            if (next >= 0) {
                return result;
            }
        }
        throw malformed("a number has more than ten bytes");
    }
}
