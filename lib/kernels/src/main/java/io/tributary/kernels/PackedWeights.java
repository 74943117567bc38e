package io.tributary.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;

/**
 * A weight matrix laid out for {@link MatMul}: panels of 64 rows in lanes, each a sequence of blocks of 256 inputs. The
 * last panel is filled up with zero rows.
 */
public final class PackedWeights {
    private final WeightType type;
    private final PackedFormat format;
    private final int outputs;
    private final int inputs;
    private final MemorySegment data;

    private PackedWeights(RowMajorWeights source, PackedFormat format, SegmentAllocator allocator) {
        this.type = source.type();
        this.format = format;
        this.outputs = source.outputs();
        this.inputs = source.inputs();
        this.data = allocator.allocate(panels() * panelBytes() + FloatMatrix.ALIGNMENT, FloatMatrix.ALIGNMENT);
    }

    /**
     * Packs a stored matrix.
     *
     * @param rowMajor [outputs, inputs] as in the file (GGUF blocks for the quantised types); may be unaligned
     * @param allocator gives the native memory of the result
     * @param pool packs in parallel
     * @throws InvalidWeightsException when a weight, or the scale of a quantised block, is infinite or NaN
     * @throws IllegalArgumentException when the segment is too short or inputs is not a whole number of blocks
     */
    public static PackedWeights pack(
            WeightType type,
            MemorySegment rowMajor,
            int outputs,
            int inputs,
            SegmentAllocator allocator,
            WorkPool pool) {
        RowMajorWeights source = new RowMajorWeights(type, rowMajor, outputs, inputs);
        PackedWeights packed = new PackedWeights(source, PackedFormat.of(type), allocator);
        pool.forEach(packed.panels(), (panel, worker) -> packed.packPanel(source, panel));
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
        return data.byteSize();
    }

    PackedFormat format() {
        return format;
    }

    int panels() {
        return Math.ceilDiv(outputs, WorkerScratch.PANEL_ROWS);
    }

    /** Points a worker's operands at the block of a panel that starts at input {@code first}. */
    void place(KernelOperands operands, int panel, int first) {
        int count = Math.min(WorkerScratch.BLOCK_INPUTS, inputs - first);
        operands.inputs = count;
        operands.weights =
                NativeMemory.address(data, panel * panelBytes() + blockOffset(first), format.blockBytes(count));
    }

    private void packPanel(RowMajorWeights source, int panel) {
        for (int first = 0; first < inputs; first += WorkerScratch.BLOCK_INPUTS) {
            int count = Math.min(WorkerScratch.BLOCK_INPUTS, inputs - first);
            long offset = panel * panelBytes() + blockOffset(first);
            format.pack(source, panel * WorkerScratch.PANEL_ROWS, first, count, data, offset);
        }
    }

    private long blockOffset(int firstInput) {
        return firstInput / WorkerScratch.BLOCK_INPUTS * format.blockBytes(WorkerScratch.BLOCK_INPUTS);
    }

    private long panelBytes() {
        int rest = inputs % WorkerScratch.BLOCK_INPUTS;
        return blockOffset(inputs) + (rest == 0 ? 0 : format.blockBytes(rest));
    }
}
