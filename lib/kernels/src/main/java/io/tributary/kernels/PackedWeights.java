package io.tributary.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * A weight matrix laid out for {@link MatMul}: panels of 64 rows. The last panel is filled up with rows that weigh nothing.
 */
public final class PackedWeights {
    /** A matrix is at most so many pieces of memory, as systems limit their number. */
    private static final int MAXIMAL_CHUNKS = 16;

    private static final long LEAST_CHUNK_BYTES = 1L << 20;

    private final WeightType type;
    private final WeightLayout layout;
    private final int outputs;
    private final int inputs;
    private final int panelsPerChunk;
    private final MemorySegment[] chunks;

    private PackedWeights(RowMajorWeights source, WeightLayout layout) {
        this.type = source.type();
        this.layout = layout;
        this.outputs = source.outputs();
        this.inputs = source.inputs();
        this.panelsPerChunk = Math.max(
                Math.ceilDiv(panels(), MAXIMAL_CHUNKS), Math.toIntExact(Math.ceilDiv(LEAST_CHUNK_BYTES, panelBytes())));
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
        PackedWeights packed = new PackedWeights(source, WeightLayout.of(type));
        pool.forEach(packed.chunks.length, (chunk, worker) -> packed.packChunk(source, chunk, arena));
        return packed;
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
        return NativeMemory.address(chunks[panel / panelsPerChunk], offset(panel), panelBytes());
    }

    private void packChunk(RowMajorWeights source, int chunk, Arena arena) {
        int from = chunk * panelsPerChunk;
        int to = Math.min(panels(), from + panelsPerChunk);
        MemorySegment memory = arena.allocate((to - from) * panelBytes(), FloatMatrix.ALIGNMENT);
        chunks[chunk] = memory;
        for (int panel = from; panel < to; panel++) {
            layout.packPanel(source, panel * WorkerScratch.PANEL_ROWS, memory, offset(panel));
        }
    }

    /** Where a panel is in its chunk. */
    private long offset(int panel) {
        return panel % panelsPerChunk * panelBytes();
    }

    private long panelBytes() {
        return layout.panelBytes(inputs);
    }
}
