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
     * @param layers rows of each expert for each layer with experts, [layers][experts]
     * @throws IllegalArgumentException if there is no layer, the layers have different numbers of experts, or a number is
     *     negative
     */
    public static ExpertLoads of(List<long[]> layers) {
        if (layers.isEmpty() || layers.getFirst().length == 0) {
            throw new IllegalArgumentException("there are no experts");
        }
        int experts = layers.getFirst().length;
        for (long[] layer : layers) {
            if (layer.length != experts) {
                throw new IllegalArgumentException("a layer has %d experts and another one %d; all must have as many"
                        .formatted(layer.length, experts));
            }
            if (Arrays.stream(layer).anyMatch(count -> count < 0)) {
                throw new IllegalArgumentException("an expert has a negative number of rows");
            }
        }
        return new ExpertLoads(layers.stream().map(long[]::clone).toArray(long[][]::new));
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
