package io.tributary.kernels;

import static io.tributary.kernels.FloatMatrix.FLOAT;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The codewords of a vector quantiser (van den Oord et al., "Neural Discrete Representation Learning", 2017), packed for
 * the search of the nearest one. Sixteen codewords lie side by side, element by element, so that each lane of a vector
 * sums the distance to a codeword of its own, from the first element to the last: that is the canonical order, whatever
 * the width of the machine's vectors. Immutable.
 */
public final class Codebook {
    private static final ThreadLocal<Searches> SEARCHES = ThreadLocal.withInitial(Searches::new);

    private final MemorySegment panels;
    private final int count;
    private final int size;

    private Codebook(MemorySegment panels, int count, int size) {
        this.panels = panels;
        this.count = count;
        this.size = size;
    }

    /**
     * Packs codewords into new memory.
     *
     * @param codewords [count, size], at least one
     * @throws IllegalArgumentException when there is no codeword
     */
    public static Codebook pack(FloatMatrix codewords, SegmentAllocator allocator) {
        if (codewords.rows() == 0) {
            throw new IllegalArgumentException("a codebook needs at least 1 codeword");
        }
        int size = codewords.columns();
        int padded = VirtualLanes.roundUp(codewords.rows());
        FloatMatrix panels = FloatMatrix.allocate(
                allocator, padded / VirtualLanes.COUNT, Math.multiplyExact(size, VirtualLanes.COUNT));
        for (int word = 0; word < padded; word++) {
            for (int i = 0; i < size; i++) {
                float value = word < codewords.rows() ? codewords.get(word, i) : Float.POSITIVE_INFINITY;
                panels.set(word / VirtualLanes.COUNT, i * VirtualLanes.COUNT + word % VirtualLanes.COUNT, value);
            }
        }
        return new Codebook(panels.data(), codewords.rows(), size);
    }

    /** Number of codewords. */
    public int count() {
        return count;
    }

    /** Elements of a codeword. */
    public int size() {
        return size;
    }

    /**
     * Finds for each vector the codeword with the smallest squared distance, of equal ones the first. A distance that is
     * infinite or not a number is never the smallest; a vector all of whose distances are such gets codeword 0 and infinity.
     *
     * @param vectors [rows, size]
     * @param nearest takes the number of the codeword of each row
     * @param distances takes its squared distance
     * @throws IllegalArgumentException when the shapes do not fit
     */
    public void search(FloatMatrix vectors, int[] nearest, float[] distances, WorkPool pool) {
        vectors.requireShape("the matrix of vectors", vectors.rows(), size);
        if (nearest.length < vectors.rows() || distances.length < vectors.rows()) {
            throw new IllegalArgumentException("results for " + nearest.length + " and " + distances.length
                    + " vectors where there are " + vectors.rows());
        }
        SEARCHES.get().search(this, vectors, nearest, distances, pool);
    }

    private static final class Searches extends RowParts {
        private @Nullable Codebook codebook;
        private @Nullable FloatMatrix vectors;
        private int[] nearest = {};
        private float[] distances = {};

        void search(Codebook codebook, FloatMatrix vectors, int[] nearest, float[] distances, WorkPool pool) {
            this.codebook = codebook;
            this.vectors = vectors;
            this.nearest = nearest;
            this.distances = distances;
            try {
                forEachRow(vectors.rows(), (long) codebook.count * codebook.size, pool);
            } finally {
                this.codebook = null;
                this.vectors = null;
                this.nearest = new int[0];
                this.distances = new float[0];
            }
        }

        @Override
        void compute(int row) {
            Codebook words = Objects.requireNonNull(codebook);
            FloatMatrix source = Objects.requireNonNull(vectors);
            MemorySegment scratch = RowScratch.ofThread();
            CodebookKernels.CURRENT.nearest(
                    source.data(),
                    row * source.rowBytes(),
                    words.size,
                    words.panels,
                    VirtualLanes.roundUp(words.count) / VirtualLanes.COUNT,
                    scratch);
            int best = 0;
            float distance = Float.POSITIVE_INFINITY;
            for (int lane = 0; lane < VirtualLanes.COUNT; lane++) {
                long offset = (long) lane * Float.BYTES;
                float candidate = scratch.get(FLOAT, RowScratch.SUMS + offset);
                int word = scratch.get(CodebookKernels.INDEX, RowScratch.VALUES + offset);
                if (candidate < distance || (candidate == distance && word < best)) {
                    best = word;
                    distance = candidate;
                }
            }
            nearest[row] = best;
            distances[row] = distance;
        }
    }
}
