package io.tributary.models.packing;

import io.tributary.kernels.PackedWeights;
import io.tributary.kernels.WeightType;
import io.tributary.models.packing.PackedFileHeader.Matrix;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Packed matrices in a mapped file. Its header, the key in it and its length were checked; the weights themselves were not,
 * as reading them takes the time that the file is to save.
 */
final class PackedFile {
    /** A matrix and the bytes of its chunks. */
    private record Mapped(Matrix matrix, List<MemorySegment> chunks) {}

    private final Map<String, Mapped> matrices = new HashMap<>();

    private PackedFile(PackedFileHeader header, MemorySegment file) {
        long end = header.encoded().length;
        for (Matrix matrix : header.matrices()) {
            List<MemorySegment> chunks = new ArrayList<>();
            for (long bytes : matrix.chunkBytes()) {
                long start = PackedFileHeader.aligned(end);
                chunks.add(file.asSlice(start, bytes));
                end = start + bytes;
            }
            matrices.put(matrix.name(), new Mapped(matrix, chunks));
        }
    }

    /**
     * Maps a file.
     *
     * @param arena the weights live as long as this
     * @throws IOException when it can't be mapped, is damaged, or was written for another key
     */
    static PackedFile map(FileChannel channel, String key, Arena arena) throws IOException {
        PackedFileHeader header = PackedFileHeader.read(channel, key);
        return new PackedFile(header, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
    }

    /** The matrix of that name, if it is there in that type, shape and division into chunks. */
    Optional<PackedWeights> find(String name, WeightType type, int outputs, int inputs) {
        Mapped found = matrices.get(name);
        if (found == null) {
            return Optional.empty();
        }
        Matrix matrix = found.matrix();
        if (matrix.type() != type || matrix.outputs() != outputs || matrix.inputs() != inputs) {
            return Optional.empty();
        }
        try {
            return Optional.of(PackedWeights.ofChunks(type, outputs, inputs, found.chunks()));
        } catch (IllegalArgumentException otherChunks) {
            return Optional.empty();
        }
    }
}
