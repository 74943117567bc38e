package io.tributary.kernels;

import static io.tributary.kernels.FloatMatrix.FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Activations in the order in which {@link PanelTiles} reads them: [blocks of 256 inputs][tiles of 4 tokens][inputs of the
 * block][4 tokens]. What fills up the last tile is not defined, and no product reads it.
 */
final class ActivationTiles implements WorkPool.Part {
    /** Tokens of a tile. */
    static final int TOKENS = 4;

    /** Bytes from one input to the next. */
    static final long STEP = (long) TOKENS * Float.BYTES;

    private MemorySegment data = MemorySegment.NULL;
    private int tiles;
    private @Nullable FloatMatrix source;

    /** The address of a tile, and all behind it, in the block that starts at an input and has that many inputs. */
    long address(int firstInput, int inputs, int tile) {
        long bytes = (long) (tiles - tile) * inputs * STEP;
        return NativeMemory.address(data, offset(firstInput, inputs, tile), bytes);
    }

    private long offset(int firstInput, int inputs, int tile) {
        return ((long) firstInput * tiles + (long) tile * inputs) * STEP;
    }

    /** Copies the rows of a matrix; the memory grows to the largest that there was. */
    void pack(FloatMatrix x, WorkPool pool) {
        tiles = Math.ceilDiv(x.rows(), TOKENS);
        long bytes = (long) tiles * x.columns() * STEP;
        if (bytes > data.byteSize()) {
            data = Arena.ofAuto().allocate(bytes, FloatMatrix.ALIGNMENT);
        }
        source = x;
        try {
            pool.forEach(tiles, (long) x.rows() * x.columns(), this);
        } finally {
            source = null;
        }
    }

    @Override
    public void run(int tile, int worker) {
        FloatMatrix x = Objects.requireNonNull(source);
        int first = tile * TOKENS;
        int tokens = Math.min(TOKENS, x.rows() - first);
        for (int input = 0; input < x.columns(); input += WorkerScratch.BLOCK_INPUTS) {
            int inputs = Math.min(WorkerScratch.BLOCK_INPUTS, x.columns() - input);
            long target = offset(input, inputs, tile);
            for (int token = 0; token < tokens; token++) {
                long from = (first + token) * x.rowBytes() + (long) input * Float.BYTES;
                copy(x.data(), from, data, target + (long) token * Float.BYTES, inputs);
            }
        }
    }

    private static void copy(MemorySegment source, long from, MemorySegment target, long to, int inputs) {
        for (int k = 0; k < inputs; k++) {
            target.set(FLOAT, to + k * STEP, source.get(FLOAT, from + (long) k * Float.BYTES));
        }
    }
}
