package io.tributary.router;

import io.tributary.models.experts.ExpertSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Which layers of a model have experts, and how many. Immutable. */
final class ExpertLayers {
    private final NavigableMap<Integer, Integer> counts;

    /** @param counts the number of experts by layer */
    ExpertLayers(Map<Integer, Integer> counts) {
        this.counts = Collections.unmodifiableNavigableMap(new TreeMap<>(counts));
    }

    /** The layers with experts, ascending. */
    List<Integer> layers() {
        return List.copyOf(counts.keySet());
    }

    /** Whether a layer has experts. */
    boolean contains(int layer) {
        return counts.containsKey(layer);
    }

    /** The experts of a layer that has some. */
    ExpertSet experts(int layer) {
        Integer count = counts.get(layer);
        if (count == null) {
            throw new IllegalArgumentException("layer %d has no experts; layers %s do".formatted(layer, layers()));
        }
        return ExpertSet.all(count);
    }

    /** The experts of the layer that has most. */
    ExpertSet all() {
        return ExpertSet.all(
                counts.values().stream().mapToInt(Integer::intValue).max().orElse(0));
    }
}
