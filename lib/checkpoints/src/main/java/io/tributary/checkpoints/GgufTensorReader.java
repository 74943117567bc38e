package io.tributary.checkpoints;

import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Reads the directory of tensors of a GGUF file and cuts the file into them. */
final class GgufTensorReader {
    /** The length of a name, the rank, the type and the offset. */
    static final long MINIMAL_ENTRY_BYTES = Long.BYTES + Integer.BYTES + Integer.BYTES + Long.BYTES;

    static final int MAXIMAL_RANK = 4;

    private static final long MAXIMAL_NAME_BYTES = 256;

    private final GgufCursor cursor;
    private final long alignment;

    /** A line of the directory as it stands: shape outermost first, offset in bytes from the start of the data. */
    private record Declaration(String name, long typeId, List<Long> shape, long offset) {}

    private record Extent(String name, long begin, long end) {}

    private GgufTensorReader(GgufCursor cursor, long alignment) {
        this.cursor = cursor;
        this.alignment = alignment;
    }

    /** Reads that many tensors from where the cursor is. */
    static TensorDirectory read(GgufCursor cursor, long count, long alignment) {
        GgufTensorReader reader = new GgufTensorReader(cursor, alignment);
        List<Declaration> declarations = new ArrayList<>((int) count);
        for (long index = 0; index < count; index++) {
            cursor.reading("tensor " + (index + 1) + " of " + count);
            declarations.add(reader.readDeclaration());
        }
        return reader.cut(declarations);
    }

    private Declaration readDeclaration() {
        String name = cursor.string(MAXIMAL_NAME_BYTES);
        cursor.reading("the tensor '" + name + "'");
        int rank = cursor.int32();
        if (rank < 0 || rank > MAXIMAL_RANK) {
            throw cursor.malformed("it has " + Integer.toUnsignedString(rank) + " dimensions; at most " + MAXIMAL_RANK
                    + " are allowed");
        }
        List<Long> innermostFirst = new ArrayList<>(rank);
        for (int axis = 0; axis < rank; axis++) {
            innermostFirst.add(cursor.int64());
        }
        long typeId = Integer.toUnsignedLong(cursor.int32());
        long offset = cursor.int64();
        if (offset < 0 || offset % alignment != 0) {
            throw cursor.malformed(
                    "its offset " + Long.toUnsignedString(offset) + " is not a multiple of the alignment " + alignment);
        }
        return new Declaration(name, typeId, List.copyOf(innermostFirst.reversed()), offset);
    }

    private TensorDirectory cut(List<Declaration> declarations) {
        long dataStart = Math.ceilDiv(cursor.position(), alignment) * alignment;
        TensorDirectory directory = new TensorDirectory();
        List<Extent> extents = new ArrayList<>(declarations.size());
        for (Declaration declaration : declarations) {
            cursor.reading("the tensor '" + declaration.name() + "'");
            Optional<TensorType> type = TensorType.ofGgmlId(declaration.typeId());
            long bytes = type.isPresent() ? bytes(type.get(), declaration) : 0;
            checkRange(dataStart, declaration, bytes);
            if (type.isPresent()) {
                MemorySegment data = cursor.file().asSlice(dataStart + declaration.offset(), bytes);
                var tensor = new StoredTensor(declaration.name(), type.get(), declaration.shape(), data);
                directory.add(new TensorDirectory.KnownTensor(cursor.path(), declaration.offset(), tensor));
                extents.add(new Extent(declaration.name(), declaration.offset(), declaration.offset() + bytes));
            } else {
                directory.add(new TensorDirectory.UnknownTensor(
                        cursor.path(),
                        declaration.name(),
                        "ggml type " + declaration.typeId(),
                        declaration.shape(),
                        declaration.offset()));
            }
        }
        checkApart(extents);
        return directory;
    }

    private long bytes(TensorType type, Declaration declaration) {
        try {
            return TensorShape.bytes(type, declaration.shape());
        } catch (IllegalArgumentException cause) {
            throw cursor.malformed(String.valueOf(cause.getMessage()));
        }
    }

    private void checkRange(long dataStart, Declaration declaration, long bytes) {
        long available = cursor.file().byteSize() - dataStart;
        if (declaration.offset() > available || bytes > available - declaration.offset()) {
            BigInteger end = BigInteger.valueOf(dataStart)
                    .add(BigInteger.valueOf(declaration.offset()))
                    .add(BigInteger.valueOf(bytes));
            throw cursor.malformed("it ends at byte " + end + " of the file, but the file has only "
                    + cursor.file().byteSize() + " bytes: it is truncated");
        }
    }

    private void checkApart(List<Extent> extents) {
        extents.sort(Comparator.comparingLong(Extent::begin).thenComparingLong(Extent::end));
        for (int index = 1; index < extents.size(); index++) {
            Extent before = extents.get(index - 1);
            Extent after = extents.get(index);
            if (after.begin() < before.end()) {
                cursor.reading("the tensor '" + after.name() + "'");
                throw cursor.malformed("it begins at byte " + after.begin() + " of the data and so overlaps with '"
                        + before.name() + "', which ends at byte " + before.end());
            }
        }
    }
}
