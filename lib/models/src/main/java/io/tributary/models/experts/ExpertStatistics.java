package io.tributary.models.experts;

import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLongArray;

/** Counts how the gates of some layers choose. Written by one thread, read by any. */
public final class ExpertStatistics {
    private static final int POSITIONS = 0;
    private static final int OVERFLOW = 1;

    private final int experts;
    private final NavigableMap<Integer, Counts> layers = new TreeMap<>();
    private final RoutedRows rows = new RoutedRows();

    /** What is counted of a layer: positions and overflow, choices of each expert, of each pair. */
    private record Counts(AtomicLongArray totals, AtomicLongArray chosen, AtomicLongArray pairs) {
        static Counts of(int experts) {
            return new Counts(
                    new AtomicLongArray(2),
                    new AtomicLongArray(experts),
                    new AtomicLongArray(LayerLoad.pairCount(experts)));
        }
    }

    /**
     * Begins at 0.
     *
     * @param experts to choose from in each layer at most
     * @param layers that have experts
     */
    public ExpertStatistics(int experts, List<Integer> layers) {
        this.experts = experts;
        layers.forEach(layer -> this.layers.put(layer, Counts.of(experts)));
    }

    /**
     * Counts what a layer has chosen.
     *
     * @param positions that were gated
     * @param routing grouped
     */
    public void record(int layer, int positions, Routing routing) {
        Counts counts = counts(layer);
        rows.take(routing, positions);
        add(counts.totals(), POSITIONS, positions);
        for (int expert = 0; expert < routing.experts(); expert++) {
            add(counts.chosen(), expert, routing.count(expert));
        }
        for (int row = 0; row < positions; row++) {
            recordTogether(counts, row);
        }
    }

    private void recordTogether(Counts counts, int row) {
        int chosen = rows.count(row);
        if (chosen == 0) {
            add(counts.totals(), OVERFLOW, 1);
        }
        for (int lower = 0; lower < chosen; lower++) {
            for (int higher = lower + 1; higher < chosen; higher++) {
                int pair = LayerLoad.pairIndex(rows.expert(row, lower), rows.expert(row, higher), experts);
                add(counts.pairs(), pair, 1);
            }
        }
    }

    /** Begins at 0 again. Called by the thread that records. */
    public void clear() {
        for (Counts counts : layers.values()) {
            clear(counts.totals());
            clear(counts.chosen());
            clear(counts.pairs());
        }
    }

    /** The layers that are counted, ascending. */
    public List<Integer> layers() {
        return List.copyOf(layers.keySet());
    }

    /** Experts to choose from in each layer at most. */
    public int experts() {
        return experts;
    }

    /**
     * What has been counted of a layer.
     *
     * @throws IllegalArgumentException if the layer is not counted
     */
    public LayerLoad load(int layer) {
        Counts counts = counts(layer);
        return new LayerLoad(
                layer,
                counts.totals().getOpaque(POSITIONS),
                counts.totals().getOpaque(OVERFLOW),
                copy(counts.chosen()),
                copy(counts.pairs()));
    }

    /** How often an expert of a layer was chosen. */
    public long chosen(int layer, int expert) {
        return counts(layer).chosen().getOpaque(expert);
    }

    private Counts counts(int layer) {
        Counts counts = layers.get(layer);
        if (counts == null) {
            throw new IllegalArgumentException("layer " + layer + " is not counted; those are " + layers());
        }
        return counts;
    }

    /** There is one writer, so what it read is what is there. */
    private static void add(AtomicLongArray counts, int index, long more) {
        counts.setOpaque(index, counts.getPlain(index) + more);
    }

    private static void clear(AtomicLongArray counts) {
        for (int index = 0; index < counts.length(); index++) {
            counts.setOpaque(index, 0);
        }
    }

    private static long[] copy(AtomicLongArray counts) {
        long[] copy = new long[counts.length()];
        for (int index = 0; index < copy.length; index++) {
            copy[index] = counts.getOpaque(index);
        }
        return copy;
    }
}
