package io.tributary.models;

import java.lang.foreign.MemorySegment;

/** Keys and values of 64 positions over all layers of a stage. */
final class KeyValuePage {
    private final MemorySegment[] layers;

    /** @param layers one segment per layer of the stage */
    KeyValuePage(MemorySegment[] layers) {
        this.layers = layers;
    }

    MemorySegment layer(int layer) {
        return layers[layer];
    }
}
