package io.tributary.models;

import io.tributary.checkpoints.Checkpoint;
import io.tributary.kernels.FloatMatrix;
import io.tributary.kernels.KeyValueType;
import io.tributary.kernels.WorkPool;
import io.tributary.models.architecture.Architecture;
import io.tributary.models.architecture.InvalidArchitectureException;
import io.tributary.models.architecture.MixtureOfExperts;
import io.tributary.models.experts.ExpertSet;
import io.tributary.models.packing.PackingCache;
import java.lang.foreign.Arena;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Some experts of a range of layers, without gates and without the rest of the layers. An expert that is held is held in all
 * of these layers. One thread at a time computes; others may add and remove experts meanwhile.
 */
public final class ExpertBank implements AutoCloseable {
    private final Checkpoint checkpoint;
    private final Map<Integer, MixtureOfExperts> mixtures = new TreeMap<>();
    private final int firstLayer;
    private final int endLayer;
    private final int count;
    private final int width;
    private final PackingCache cache;
    private final Arena arena = Arena.ofShared();
    private final Workspace workspace;
    private final Map<Integer, ExpertWeights> held = new ConcurrentHashMap<>();
    /** Held while weights are computed with, or taken away. */
    private final Object weights = new Object();
    /** Held while experts are loaded. */
    private final Object loading = new Object();

    private boolean closed;

    private ExpertBank(
            Checkpoint checkpoint,
            Architecture architecture,
            int firstLayer,
            int endLayer,
            WorkPool pool,
            int maximalRows,
            PackingCache cache) {
        this.checkpoint = checkpoint;
        this.firstLayer = firstLayer;
        this.endLayer = endLayer;
        this.cache = cache;
        this.width = architecture.width();
        for (int layer = firstLayer; layer < endLayer; layer++) {
            if (architecture.layers().get(layer).channelMixing() instanceof MixtureOfExperts mixture) {
                mixtures.put(layer, mixture);
            }
        }
        if (mixtures.isEmpty()) {
            arena.close();
            throw new InvalidArchitectureException(
                    "layers " + firstLayer + " to " + (endLayer - 1),
                    "without experts",
                    "layers of which one has experts");
        }
        count = mixtures.values().stream()
                .mapToInt(MixtureOfExperts::experts)
                .max()
                .orElseThrow();
        workspace = new Workspace(arena, pool, maximalRows, width, KeyValueType.F32);
    }

    /**
     * A bank without experts.
     *
     * @param checkpoint must stay open for as long as the bank
     * @param endLayer behind the last layer
     * @param pool computes, used by nobody else meanwhile
     * @param maximalRows of a matrix to compute
     * @param cache where packed weights are looked for and, if they are not there, written behind the first pass
     * @throws InvalidArchitectureException if none of the layers has experts
     */
    public static ExpertBank open(
            Checkpoint checkpoint,
            Architecture architecture,
            int firstLayer,
            int endLayer,
            WorkPool pool,
            int maximalRows,
            PackingCache cache) {
        if (firstLayer < 0
                || firstLayer >= endLayer
                || endLayer > architecture.layers().size()) {
            throw new IllegalArgumentException("layers " + firstLayer + " to " + (endLayer - 1) + " of a model of "
                    + architecture.layers().size() + " layers");
        }
        return new ExpertBank(checkpoint, architecture, firstLayer, endLayer, pool, maximalRows, cache);
    }

    /**
     * Loads an expert of all layers; one that is held already is left alone.
     *
     * @throws IllegalArgumentException if there is no such expert
     * @throws io.tributary.checkpoints.CheckpointException if a tensor is missing or can't be read
     * @throws io.tributary.models.weights.WeightException if a tensor's shape, type or content does not do
     */
    public void add(int expert) {
        if (expert < 0 || expert >= count) {
            throw new IllegalArgumentException("expert " + Integer.toUnsignedString(expert)
                    + " does not exist; there are " + count + ", counted from 0");
        }
        synchronized (loading) {
            if (closed || held.containsKey(expert)) {
                return;
            }
            String part = "expert %d of layers %d to %d".formatted(expert, firstLayer, endLayer);
            held.put(expert, new ExpertWeights(checkpoint, part, mixtures, expert, width, cache, workspace));
        }
    }

    /** Frees an expert; one that is not held is left alone. */
    public void remove(int expert) {
        synchronized (weights) {
            ExpertWeights removed = held.remove(expert);
            if (removed != null) {
                removed.close();
            }
        }
    }

    /** The experts that are held. */
    public ExpertSet experts() {
        return ExpertSet.of(held.keySet().stream().mapToInt(Integer::intValue));
    }

    /** Number of experts of a layer, held or not. */
    public int count() {
        return count;
    }

    /** Whether an expert of a layer is held. */
    public boolean holds(int layer, int expert) {
        ExpertWeights weightsOfExpert = held.get(expert);
        return weightsOfExpert != null && weightsOfExpert.network(layer) != null;
    }

    /** Elements of a row. */
    public int width() {
        return width;
    }

    /** Rows of a matrix at most. */
    public int maximalRows() {
        return workspace.maximalRows();
    }

    /** Bytes of memory that the weights take. */
    public long weightBytes() {
        return held.values().stream().mapToLong(ExpertWeights::bytes).sum();
    }

    /** Where the next input is written, [rows, width]; for the thread that computes. */
    public FloatMatrix input(int rows) {
        return workspace.normalized().front(rows);
    }

    /**
     * Computes the expert's outputs for the input.
     *
     * @param layer the layer in the model
     * @param rows of {@link #input}
     * @return [rows, width], until the next call
     * @throws IllegalArgumentException if the expert is not held
     */
    public FloatMatrix compute(int layer, int expert, int rows) {
        FloatMatrix output = workspace.summand().front(rows);
        synchronized (weights) {
            ExpertWeights weightsOfExpert = held.get(expert);
            @Nullable FeedForwardNetwork network = weightsOfExpert == null ? null : weightsOfExpert.network(layer);
            if (weightsOfExpert == null || network == null) {
                throw new IllegalArgumentException(
                        "expert %s of layer %s is not held; held are the experts %s of the layers %s"
                                .formatted(
                                        Integer.toUnsignedString(expert),
                                        Integer.toUnsignedString(layer),
                                        experts(),
                                        mixtures.keySet()));
            }
            network.apply(input(rows), output);
            weightsOfExpert.passEnded();
        }
        return output;
    }

    @Override
    public void close() {
        synchronized (loading) {
            closed = true;
            held.keySet().forEach(this::remove);
            synchronized (weights) {
                arena.close();
            }
        }
    }
}
