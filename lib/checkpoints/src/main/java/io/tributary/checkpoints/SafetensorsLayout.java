package io.tributary.checkpoints;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Cuts a mapped safetensors file into its tensors: 8 bytes with the length of the header, the header, and the tensors
 * end to end without holes, as the format (github.com/huggingface/safetensors) demands.
 */
final class SafetensorsLayout {
    private static final ValueLayout.OfLong LENGTH = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final long MAXIMAL_HEADER_BYTES = 100_000_000L;

    private final Path path;
    private final MemorySegment file;
    private final long dataStart;

    /** What was found in the file. */
    record Content(Map<String, String> metadata, TensorDirectory directory) {}

    private SafetensorsLayout(Path path, MemorySegment file, long dataStart) {
        this.path = path;
        this.file = file;
        this.dataStart = dataStart;
    }

    /**
     * @param path where the file is, for messages
     * @throws CheckpointException when the file breaks the rules of the format
     */
    static Content read(Path path, MemorySegment file) {
        long headerBytes = headerBytes(path, file);
        var header = SafetensorsHeader.parse(path, file.asSlice(Long.BYTES, headerBytes));
        SafetensorsLayout layout = new SafetensorsLayout(path, file, Long.BYTES + headerBytes);
        List<SafetensorsHeader.Declaration> declarations = header.tensors().stream()
                .sorted(Comparator.comparingLong(SafetensorsHeader.Declaration::begin)
                        .thenComparingLong(SafetensorsHeader.Declaration::end))
                .toList();
        declarations.forEach(layout::checkSize);
        layout.checkPacked(declarations);
        TensorDirectory directory = new TensorDirectory();
        declarations.forEach(declaration -> directory.add(layout.entry(declaration)));
        return new Content(header.metadata(), directory);
    }

    private static long headerBytes(Path path, MemorySegment file) {
        if (file.byteSize() < Long.BYTES) {
            throw new MalformedCheckpointException(
                    path,
                    "has " + file.byteSize() + " bytes; a safetensors file begins with the 8 bytes of a header length");
        }
        long headerBytes = file.get(LENGTH, 0);
        if (headerBytes < 0 || headerBytes > MAXIMAL_HEADER_BYTES) {
            throw new MalformedCheckpointException(
                    path,
                    "states a header of " + Long.toUnsignedString(headerBytes) + " bytes; at most "
                            + MAXIMAL_HEADER_BYTES + " are allowed (is this a safetensors file?)");
        }
        if (headerBytes < 2) {
            throw new MalformedCheckpointException(
                    path, "states a header of " + headerBytes + " bytes; the shortest, {}, has 2");
        }
        if (headerBytes > file.byteSize() - Long.BYTES) {
            throw new MalformedCheckpointException(
                    path,
                    "states a header of " + headerBytes + " bytes, but the file has only " + file.byteSize()
                            + " bytes in all: it is truncated");
        }
        return headerBytes;
    }

    private void checkSize(SafetensorsHeader.Declaration tensor) {
        if (tensor.begin() < 0 || tensor.end() < tensor.begin()) {
            throw malformed(
                    tensor,
                    "has the data_offsets [" + tensor.begin() + ", " + tensor.end()
                            + "], which are not a range of bytes");
        }
        long expected;
        try {
            expected = TensorShape.bytes(tensor.type(), tensor.shape());
        } catch (IllegalArgumentException cause) {
            throw malformed(tensor, "is impossible: " + cause.getMessage());
        }
        if (tensor.end() - tensor.begin() != expected) {
            throw malformed(
                    tensor,
                    "of dtype " + tensor.type() + " and shape " + tensor.shape() + " takes " + expected
                            + " bytes, but its data_offsets [" + tensor.begin() + ", " + tensor.end() + "] span "
                            + (tensor.end() - tensor.begin()));
        }
    }

    /** @param tensors in the order of their bytes */
    private void checkPacked(List<SafetensorsHeader.Declaration> tensors) {
        long available = file.byteSize() - dataStart;
        long covered = 0;
        String previous = "the header";
        for (var tensor : tensors) {
            if (tensor.begin() < covered) {
                throw malformed(
                        tensor,
                        "begins at byte " + tensor.begin() + " of the data and so overlaps with " + previous
                                + ", which ends at byte " + covered);
            }
            if (tensor.begin() > covered) {
                throw malformed(
                        tensor,
                        "begins at byte " + tensor.begin() + " of the data, but " + previous + " ends at byte "
                                + covered + "; tensors must follow each other without holes");
            }
            covered = tensor.end();
            previous = "'" + tensor.name() + "'";
        }
        if (covered > available) {
            throw new MalformedCheckpointException(
                    path,
                    "is truncated: the header and its tensors take " + unsignedSum(dataStart, covered)
                            + " bytes, but the file has only " + file.byteSize());
        }
        if (covered < available) {
            throw new MalformedCheckpointException(
                    path,
                    "has " + (available - covered) + " bytes behind its last tensor; the header accounts for "
                            + (dataStart + covered) + " bytes, the file has " + file.byteSize());
        }
    }

    /** Both are below 2^63, their sum maybe not. */
    private static String unsignedSum(long left, long right) {
        return Long.toUnsignedString(left + right);
    }

    private TensorDirectory.Entry entry(SafetensorsHeader.Declaration tensor) {
        MemorySegment data = file.asSlice(dataStart + tensor.begin(), tensor.end() - tensor.begin());
        return new TensorDirectory.KnownTensor(
                path, tensor.begin(), new StoredTensor(tensor.name(), tensor.type(), tensor.shape(), data));
    }

    private MalformedCheckpointException malformed(SafetensorsHeader.Declaration tensor, String fault) {
        return new MalformedCheckpointException(path, "the tensor '" + tensor.name() + "' " + fault);
    }
}
