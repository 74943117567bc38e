package io.tributary.models.packing;

import io.tributary.models.packing.PackedFileHeader.Matrix;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Writes packed matrices as a file, in pieces, so that it can be told to stop. */
final class PackedFileWriter {
    private static final long PIECE_BYTES = 8 << 20;

    private final List<NamedMatrix> matrices;
    private final PackedFileHeader header;
    private final byte[] encoded;

    /** @param key by which the file will be found */
    PackedFileWriter(String key, List<NamedMatrix> matrices) {
        this.matrices = List.copyOf(matrices);
        this.header =
                new PackedFileHeader(key, matrices.stream().map(Matrix::of).toList());
        this.encoded = header.encoded();
    }

    /** The length of the file. */
    long bytes() {
        return header.fileBytes(encoded.length);
    }

    /**
     * Writes to the start of an empty file.
     *
     * @param goesOn asked before each piece
     * @return whether everything was written
     */
    boolean write(FileChannel channel, BooleanSupplier goesOn) throws IOException {
        writeFully(channel, ByteBuffer.wrap(encoded));
        for (NamedMatrix matrix : matrices) {
            for (MemorySegment chunk : matrix.weights().chunks()) {
                channel.position(PackedFileHeader.aligned(channel.position()));
                if (!write(channel, chunk, goesOn)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean write(FileChannel channel, MemorySegment chunk, BooleanSupplier goesOn) throws IOException {
        for (long from = 0; from < chunk.byteSize(); from += PIECE_BYTES) {
            if (!goesOn.getAsBoolean()) {
                return false;
            }
            long length = Math.min(PIECE_BYTES, chunk.byteSize() - from);
            writeFully(channel, chunk.asSlice(from, length).asByteBuffer());
        }
        return true;
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
