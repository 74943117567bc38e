package io.tributary.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/**
 * A weight matrix laid out for {@link MatMul}: panels of 64 rows. The last panel is filled up with rows that weigh nothing.
 */
public final class PackedWeights {
    /** Goes up with every change of what stands where in a chunk, or of which rows a chunk holds. */
    private static final int LAYOUT_VERSION = 2;

    /** A matrix is at most so many pieces of memory, as systems limit their number. */
    private static final int MAXIMAL_CHUNKS = 16;

    private static final long LEAST_CHUNK_BYTES = 1L << 20;

    private final WeightType type;
    private final WeightLayout layout;
    private final int outputs;
    private final int inputs;
    private final long panelBytes;
    private final int panelsPerChunk;
    private final MemorySegment[] chunks;

    private PackedWeights(WeightType type, int outputs, int inputs) {
        this.type = type;
        this.layout = WeightLayout.of(type);
        this.outputs = outputs;
        this.inputs = inputs;
        this.panelBytes = layout.panelBytes(inputs);
        this.panelsPerChunk = Math.max(
                Math.ceilDiv(panels(), MAXIMAL_CHUNKS), Math.toIntExact(Math.ceilDiv(LEAST_CHUNK_BYTES, panelBytes)));
        this.chunks = new MemorySegment[Math.ceilDiv(panels(), panelsPerChunk)];
    }

    /**
     * Packs a stored matrix.
     *
     * @param rowMajor [outputs, inputs] as in the file (GGUF blocks for the quantised types); may be unaligned
     * @param arena gives the native memory of the result, on the threads of the pool: taking new memory from the system and
     *     clearing it is a good part of the work
     * @param pool packs in parallel
     * @throws InvalidWeightsException when a weight, or the scale of a quantised block, is infinite or NaN
     * @throws IllegalArgumentException when the segment is too short or inputs is not a whole number of blocks
     */
    public static PackedWeights pack(
            WeightType type, MemorySegment rowMajor, int outputs, int inputs, Arena arena, WorkPool pool) {
        RowMajorWeights source = new RowMajorWeights(type, rowMajor, outputs, inputs);
        PackedWeights packed = new PackedWeights(type, outputs, inputs);
        pool.forEach(packed.chunks.length, (chunk, worker) -> packed.packChunk(source, chunk, arena));
        return packed;
    }

    /**
     * Takes weights that were packed before, by a process whose {@link #layoutName()} was the same.
     *
     * @param chunks what {@link #chunks()} gave then, in native memory that must stay for as long as the weights and is
     *     not copied. What is in them is not looked at: weights that are not finite are found by packing alone
     * @throws IllegalArgumentException when number, sizes or alignment are not those of such a matrix
     */
    public static PackedWeights ofChunks(WeightType type, int outputs, int inputs, List<MemorySegment> chunks) {
        PackedWeights packed = new PackedWeights(type, outputs, inputs);
        if (chunks.size() != packed.chunks.length) {
            throw new IllegalArgumentException(outputs + " x " + inputs + " weights of type " + type + " are packed in "
                    + packed.chunks.length + " chunks, not " + chunks.size());
        }
        for (int chunk = 0; chunk < chunks.size(); chunk++) {
            packed.requireChunk(chunk, chunks.get(chunk));
        }
        chunks.toArray(packed.chunks);
        return packed;
    }

    /**
     * What the bytes of packed weights mean in this process. Another name is another arrangement, and chunks of the one are
     * of no use to the other.
     */
    public static String layoutName() {
        return (KernelPath.VECTORS ? "vector-" : "scalar-") + LAYOUT_VERSION;
    }

    /** The memory of the packed weights, read-only, in pieces. */
    public List<MemorySegment> chunks() {
        return Arrays.stream(chunks).map(MemorySegment::asReadOnly).toList();
    }

    /** Rows of the matrix. */
    public int outputs() {
        return outputs;
    }

    /** Columns of the matrix. */
    public int inputs() {
        return inputs;
    }

    /** Number format of the weights. */
    public WeightType type() {
        return type;
    }

    /** Bytes of memory the packed weights take. */
    public long byteSize() {
        return Arrays.stream(chunks).mapToLong(MemorySegment::byteSize).sum();
    }

    WeightLayout layout() {
        return layout;
    }

    int panels() {
        return Math.ceilDiv(outputs, WorkerScratch.PANEL_ROWS);
    }

    /** The address of a panel. */
    long panel(int panel) {
        return NativeMemory.address(chunks[panel / panelsPerChunk], offset(panel), panelBytes);
    }

    private void packChunk(RowMajorWeights source, int chunk, Arena arena) {
        int from = chunk * panelsPerChunk;
        int to = Math.min(panels(), from + panelsPerChunk);
        MemorySegment memory = arena.allocate(chunkBytes(chunk), FloatMatrix.ALIGNMENT);
        chunks[chunk] = memory;
        for (int panel = from; panel < to; panel++) {
            layout.packPanel(source, panel * WorkerScratch.PANEL_ROWS, memory, offset(panel));
        }
    }

    private long chunkBytes(int chunk) {
        return Math.min(panelsPerChunk, panels() - chunk * panelsPerChunk) * panelBytes;
    }

    private void requireChunk(int chunk, MemorySegment memory) {
        boolean aligned = memory.isNative() && memory.address() % FloatMatrix.ALIGNMENT == 0;
        if (!aligned || memory.byteSize() != chunkBytes(chunk)) {
            throw new IllegalArgumentException("chunk " + chunk + " must be " + chunkBytes(chunk)
                    + " bytes of native memory at a multiple of " + FloatMatrix.ALIGNMENT + ", not " + memory);
        }
    }

    /** Where a panel is in its chunk. */
    private long offset(int panel) {
        return panel % panelsPerChunk * panelBytes;
    }
}
