package io.tributary.checkpoints;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Reads the head of a GGUF file from front to back and never past its end. */
final class GgufCursor {
    static final ValueLayout.OfInt INT32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfLong INT64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path path;
    private final MemorySegment file;
    private long position;
    private String subject = "the header";

    GgufCursor(Path path, MemorySegment file) {
        this.path = path;
        this.file = file;
    }

    /** Says what is read from here on, for messages. */
    void reading(String newSubject) {
        subject = newSubject;
    }

    Path path() {
        return path;
    }

    MemorySegment file() {
        return file;
    }

    long position() {
        return position;
    }

    long remaining() {
        return file.byteSize() - position;
    }

    int int32() {
        long at = advance(Integer.BYTES);
        return file.get(INT32, at);
    }

    long int64() {
        long at = advance(Long.BYTES);
        return file.get(INT64, at);
    }

    /**
     * A count of things that follow.
     *
     * @param most the most that are allowed
     * @param minimalBytes the fewest bytes that each takes in the file
     */
    long count(String things, long most, long minimalBytes) {
        long count = int64();
        if (count < 0 || count > most) {
            throw malformed(
                    "states " + Long.toUnsignedString(count) + " " + things + "; at most " + most + " are allowed");
        }
        if (count > remaining() / minimalBytes) {
            throw malformed("states " + count + " " + things + ", which take at least " + count * minimalBytes
                    + " bytes, but only " + remaining() + " are left in the file");
        }
        return count;
    }

    String string(long mostBytes) {
        long length = count("bytes of text", mostBytes, 1);
        return text(path, subject, file.asSlice(advance(length), length));
    }

    void skipString(long mostBytes) {
        advance(count("bytes of text", mostBytes, 1));
    }

    /** Moves on; the answer is where the bytes begin that were passed. */
    long advance(long bytes) {
        if (bytes > remaining()) {
            throw malformed("the file ends at byte " + file.byteSize() + ", but " + bytes
                    + " more bytes are wanted at byte " + position + ": it is truncated");
        }
        long at = position;
        position += bytes;
        return at;
    }

    MalformedCheckpointException malformed(String fault) {
        return new MalformedCheckpointException(path, "reading " + subject + ": " + fault);
    }

    /** @throws MalformedCheckpointException when the bytes are not UTF-8 */
    static String text(Path path, String subject, MemorySegment bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(bytes.asByteBuffer())
                    .toString();
        } catch (CharacterCodingException cause) {
            throw new MalformedCheckpointException(path, "reading " + subject + ": the text is not UTF-8", cause);
        }
    }
}
