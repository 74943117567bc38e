package io.tributary.models;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values of 64 positions over all layers of a stage. Several sequences may hold a page that is full, for it never
 * changes again. Who holds it, and under which key it is cached, is for its {@link KeyValuePool} to say.
 */
final class KeyValuePage {
    private final MemorySegment[] layers;
    private int holders;
    private @Nullable PrefixKey key;

    /** @param layers one segment per layer of the stage */
    KeyValuePage(MemorySegment[] layers) {
        this.layers = layers;
    }

    MemorySegment layer(int layer) {
        return layers[layer];
    }

    /** Copies all 64 positions of another page of the stage. */
    void copy(KeyValuePage source) {
        for (int layer = 0; layer < layers.length; layer++) {
            layers[layer].copyFrom(source.layers[layer]);
        }
    }

    /** Counts one more sequence that holds the page, and returns how many do now. */
    int hold() {
        return ++holders;
    }

    /** Counts one sequence less, and returns how many still hold the page. */
    int letGo() {
        if (holders == 0) {
            throw new IllegalStateException("a page of keys and values was given back that no sequence holds");
        }
        return --holders;
    }

    /** What the page is cached under; null if it is not. */
    @Nullable
    PrefixKey key() {
        return key;
    }

    void cacheUnder(@Nullable PrefixKey key) {
        this.key = key;
    }
}
