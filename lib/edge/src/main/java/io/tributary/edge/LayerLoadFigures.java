package io.tributary.edge;

import java.util.function.DoubleSupplier;
import java.util.function.IntToLongFunction;
import java.util.function.LongSupplier;

/**
 * How the experts of a layer have been used so far: each call reads the present figure, on any thread.
 *
 * @param layer in the model
 * @param experts to choose from
 * @param positions that were gated
 * @param overflow positions that got no expert, since those that they wanted were at capacity
 * @param chosen positions that an expert was chosen for
 * @param pair positions that two experts were chosen for together
 * @param topPair those of the most frequent pair
 * @param entropyBits entropy of the experts' shares of the load
 * @param imbalance load of the busiest expert over the mean one
 */
public record LayerLoadFigures(
        int layer,
        int experts,
        LongSupplier positions,
        LongSupplier overflow,
        IntToLongFunction chosen,
        PairCount pair,
        LongSupplier topPair,
        DoubleSupplier entropyBits,
        DoubleSupplier imbalance) {

    /** Counts for two experts. */
    @FunctionalInterface
    public interface PairCount {
        /** Positions that both were chosen for. */
        long positions(int one, int other);
    }
}
