package io.tributary.models;

import io.tributary.checkpoints.Checkpoint;
import io.tributary.models.architecture.MixtureOfExperts;
import io.tributary.models.packing.PackingCache;
import io.tributary.models.packing.StagePacking;
import io.tributary.models.weights.WeightLoader;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One expert in several layers, in memory of its own. */
final class ExpertWeights implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final StagePacking packing;
    private final Map<Integer, FeedForwardNetwork> networks = new HashMap<>();
    private final long bytes;

    /**
     * Loads the expert.
     *
     * @param part what it is called in the cache
     * @param mixtures by layer; a layer with fewer experts has none of it
     * @param width elements of the residual stream
     * @param workspace scratch memory of the networks
     */
    ExpertWeights(
            Checkpoint checkpoint,
            String part,
            Map<Integer, MixtureOfExperts> mixtures,
            int expert,
            int width,
            PackingCache cache,
            Workspace workspace) {
        try {
            packing = cache.open(checkpoint, part, arena, workspace.pool());
            WeightLoader loader = new WeightLoader(checkpoint, arena, packing);
            mixtures.forEach((layer, mixture) -> {
                if (expert < mixture.experts()) {
                    networks.put(
                            layer, FeedForwardNetwork.loadExpert(mixture, layer, expert, width, loader, workspace));
                }
            });
            bytes = loader.loadedBytes();
        } catch (RuntimeException | Error failure) {
            arena.close();
            throw failure;
        }
    }

    /** The expert in a layer; null in a layer that does not have it. */
    @Nullable
    FeedForwardNetwork network(int layer) {
        return networks.get(layer);
    }

    long bytes() {
        return bytes;
    }

    void passEnded() {
        packing.passEnded();
    }

    /** While a disk that stands still keeps the thread that writes the cache, the memory stays. */
    @Override
    public void close() {
        if (packing.stop()) {
            arena.close();
        }
    }
}
