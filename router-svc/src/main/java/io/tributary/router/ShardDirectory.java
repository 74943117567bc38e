package io.tributary.router;

import io.tributary.models.experts.ExpertSet;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Which shards are attached, and since when an expert has had no replica. Lives on the loop. */
final class ShardDirectory {
    /** An expert of a layer that no shard holds. */
    record Absence(int layer, ExpertSet experts) {
        @Override
        public String toString() {
            return "layer " + layer + ": " + experts;
        }
    }

    /**
     * How the directory stands.
     *
     * @param shards that are attached
     * @param absences experts that no shard holds
     */
    record Standing(int shards, List<Absence> absences) {
        /** Pairs of layer and expert that no shard holds. */
        long absentExperts() {
            return absences.stream()
                    .mapToLong(absence -> absence.experts().size())
                    .sum();
        }
    }

    private final Loop loop;
    private final ExpertLayers experts;
    private final List<Integer> layers;
    private final Map<String, ExpertShard> shards = new LinkedHashMap<>();
    /** [layer of {@link #layers}]: the experts that some shard holds. */
    private final ExpertSet[] present;
    /** [layer of {@link #layers}, expert]: since when no shard has held it; without meaning for one that is held. */
    private final long[][] absentSince;

    private volatile Standing standing;

    /** @param experts that must have replicas */
    ShardDirectory(Loop loop, ExpertLayers experts) {
        this.loop = loop;
        this.experts = experts;
        layers = experts.layers();
        present = new ExpertSet[layers.size()];
        Arrays.fill(present, ExpertSet.all(0));
        absentSince = new long[layers.size()][experts.all().size()];
        for (long[] layer : absentSince) {
            Arrays.fill(layer, loop.now());
        }
        standing = new Standing(0, absences());
    }

    void add(ExpertShard shard) {
        shards.put(shard.id(), shard);
        changed();
    }

    void remove(ExpertShard shard) {
        shards.remove(shard.id(), shard);
        changed();
    }

    /** A shard holds others than before. */
    void changed() {
        long now = loop.now();
        for (int index = 0; index < present.length; index++) {
            int layer = layers.get(index);
            ExpertSet held = shards.values().stream()
                    .filter(shard -> shard.covers(layer))
                    .map(ExpertShard::experts)
                    .reduce(ExpertSet.all(0), ExpertSet::plus);
            long[] since = absentSince[index];
            present[index].minus(held).indices().forEach(expert -> since[expert] = now);
            present[index] = held;
        }
        standing = new Standing(shards.size(), absences());
    }

    @Nullable
    ExpertShard find(String id) {
        return shards.get(id);
    }

    Collection<ExpertShard> shards() {
        return shards.values();
    }

    /** Those that hold an expert of a layer. */
    List<ExpertShard> replicas(int layer, int expert) {
        return shards.values().stream()
                .filter(shard -> shard.holds(layer, expert))
                .toList();
    }

    /** When the last replica of an expert that has none was lost, or the router's start. */
    long absentSince(int layer, int expert) {
        return absentSince[layers.indexOf(layer)][expert];
    }

    /** Callable from any thread. */
    Standing standing() {
        return standing;
    }

    private List<Absence> absences() {
        return IntStream.range(0, present.length)
                .mapToObj(index -> new Absence(
                        layers.get(index), experts.experts(layers.get(index)).minus(present[index])))
                .filter(absence -> !absence.experts().isEmpty())
                .toList();
    }
}
