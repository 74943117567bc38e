package io.tributary.cli.placement;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Rows that the experts of a model have computed, by layer with experts and expert; immutable. */
public final class ExpertLoads {
    private final long[][] rows;

    private ExpertLoads(long[][] rows) {
        this.rows = rows;
    }

    /**
     * Measured rows.
     *
     * @param layers rows of each expert for each layer with experts, [layers][experts]; a layer may have fewer experts than
     *     another one
     * @throws IllegalArgumentException if there are no experts, or a number is negative
     */
    public static ExpertLoads of(List<long[]> layers) {
        int experts = layers.stream().mapToInt(layer -> layer.length).max().orElse(0);
        if (experts == 0) {
            throw new IllegalArgumentException("there are no experts");
        }
        if (layers.stream().flatMapToLong(Arrays::stream).anyMatch(count -> count < 0)) {
            throw new IllegalArgumentException("an expert has a negative number of rows");
        }
        return new ExpertLoads(
                layers.stream().map(layer -> Arrays.copyOf(layer, experts)).toArray(long[][]::new));
    }

    /** As many rows for each expert. */
    public static ExpertLoads even(int layers, int experts) {
        long[] ones = new long[experts];
        Arrays.fill(ones, 1);
        return of(Collections.nCopies(layers, ones));
    }

    /**
     * These rows and others of the same model.
     *
     * @throws IllegalArgumentException if layers or experts are not as many
     */
    public ExpertLoads plus(ExpertLoads others) {
        if (others.layers() != layers() || others.experts() != experts()) {
            throw new IllegalArgumentException("loads of %d layers with %d experts and of %d with %d cannot be added"
                    .formatted(layers(), experts(), others.layers(), others.experts()));
        }
        long[][] sum = new long[layers()][experts()];
        for (int layer = 0; layer < layers(); layer++) {
            for (int expert = 0; expert < experts(); expert++) {
                sum[layer][expert] = Math.addExact(rows[layer][expert], others.rows[layer][expert]);
            }
        }
        return new ExpertLoads(sum);
    }

    /** Number of layers with experts. */
    public int layers() {
        return rows.length;
    }

    /** Experts of a layer. */
    public int experts() {
        return rows[0].length;
    }

    /** Rows of an expert in one layer; layers are counted among those with experts. */
    public long rows(int layer, int expert) {
        return rows[layer][expert];
    }

    /** Rows of an expert in all layers. */
    public long rows(int expert) {
        return Arrays.stream(rows).mapToLong(layer -> layer[expert]).sum();
    }

    /** Rows of all experts in all layers. */
    public long total() {
        return Arrays.stream(rows).flatMapToLong(Arrays::stream).sum();
    }
}
