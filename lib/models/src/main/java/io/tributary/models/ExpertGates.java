package io.tributary.models;

import io.tributary.checkpoints.Checkpoint;
import io.tributary.kernels.KeyValueType;
import io.tributary.kernels.WorkPool;
import io.tributary.models.architecture.Architecture;
import io.tributary.models.architecture.MixtureOfExperts;
import io.tributary.models.packing.PackingCache;
import io.tributary.models.weights.WeightLoader;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The gates of all layers with experts of a model, without the experts. For one thread at a time. */
public final class ExpertGates implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final NavigableMap<Integer, ExpertGate> gates = new TreeMap<>();

    private ExpertGates(Checkpoint checkpoint, Architecture architecture, WorkPool pool, int maximalRows) {
        try {
            Workspace workspace = new Workspace(arena, pool, maximalRows, architecture.width(), KeyValueType.F32);
            WeightLoader loader =
                    new WeightLoader(checkpoint, arena, PackingCache.off().open(checkpoint, "gates", arena, pool));
            for (int layer = 0; layer < architecture.layers().size(); layer++) {
                if (architecture.layers().get(layer).channelMixing() instanceof MixtureOfExperts mixture) {
                    gates.put(layer, new ExpertGate(mixture, layer, architecture.width(), loader, workspace));
                }
            }
        } catch (RuntimeException | Error failure) {
            arena.close();
            throw failure;
        }
    }

    /**
     * Loads the gates of a model.
     *
     * @param pool computes; used by nobody else meanwhile
     * @param maximalRows of a matrix that a gate is applied to
     * @throws io.tributary.checkpoints.CheckpointException if a tensor is missing or can't be read
     * @throws io.tributary.models.weights.WeightException if a tensor's shape, type or content does not do
     */
    public static ExpertGates load(Checkpoint checkpoint, Architecture architecture, WorkPool pool, int maximalRows) {
        return new ExpertGates(checkpoint, architecture, pool, maximalRows);
    }

    /** The layers with experts, ascending; none for a dense model. */
    public List<Integer> layers() {
        return List.copyOf(gates.keySet());
    }

    /**
     * The gate of a layer.
     *
     * @throws IllegalArgumentException if the layer does not exist or has no experts
     */
    public ExpertGate layer(int layer) {
        ExpertGate gate = gates.get(layer);
        if (gate == null) {
            throw new IllegalArgumentException("layer " + Integer.toUnsignedString(layer)
                    + " has no experts; layers with experts are " + layers());
        }
        return gate;
    }

    @Override
    public void close() {
        arena.close();
    }
}
