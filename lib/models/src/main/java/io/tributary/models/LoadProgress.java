package io.tributary.models;

/** Told how far the loading of a stage has got, on the thread that loads it. */
@FunctionalInterface
public interface LoadProgress {
    /**
     * Another layer is loaded.
     *
     * @param layers so many are
     * @param allLayers of so many
     */
    void loaded(int layers, int allLayers);

    /** Tells nobody. */
    static LoadProgress untold() {
        return (layers, allLayers) -> {};
    }
}
