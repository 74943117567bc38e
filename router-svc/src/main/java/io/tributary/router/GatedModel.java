package io.tributary.router;

import io.tributary.checkpoints.Checkpoint;
import io.tributary.kernels.FloatMatrix;
import io.tributary.kernels.WorkPool;
import io.tributary.models.ExpertGate;
import io.tributary.models.ExpertGates;
import io.tributary.models.architecture.Architecture;
import io.tributary.models.architecture.ArchitectureReader;
import io.tributary.models.experts.Routing;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The model of a router: of its weights it holds the gates alone. Used on the loop; opened and closed by one thread. */
final class GatedModel implements AutoCloseable {
    private final String name;
    private final Checkpoint checkpoint;
    private final Architecture architecture;
    private final WorkPool pool;
    private final ExpertGates gates;
    private final Arena arena = Arena.ofShared();
    private final Map<Integer, Routing> routings = new HashMap<>();
    private final ExpertLayers layers;

    private GatedModel(
            String name, Checkpoint checkpoint, Architecture architecture, WorkPool pool, ExpertGates gates) {
        this.name = name;
        this.checkpoint = checkpoint;
        this.architecture = architecture;
        this.pool = pool;
        this.gates = gates;
        layers = new ExpertLayers(gates.layers().stream()
                .collect(Collectors.toMap(
                        layer -> layer, layer -> gates.layer(layer).experts())));
    }

    /**
     * Loads the gates of a model.
     *
     * @param name of the model in topics; without it, that of its directory or file
     * @param maximalRows that are gated together
     */
    static GatedModel load(Path path, Optional<String> name, int threads, int maximalRows) {
        Checkpoint checkpoint = Checkpoint.open(path);
        try {
            Architecture architecture = ArchitectureReader.read(checkpoint);
            return of(name.orElseGet(checkpoint::name), checkpoint, architecture, threads, maximalRows);
        } catch (RuntimeException failure) {
            checkpoint.close();
            throw failure;
        }
    }

    /** As {@link #load}, of a checkpoint that is open; it is closed with the model. */
    static GatedModel of(String name, Checkpoint checkpoint, Architecture architecture, int threads, int maximalRows) {
        WorkPool pool = new WorkPool(threads);
        try {
            ExpertGates gates = ExpertGates.load(checkpoint, architecture, pool, maximalRows);
            return new GatedModel(name, checkpoint, architecture, pool, gates);
        } catch (RuntimeException failure) {
            pool.close();
            throw failure;
        }
    }

    String name() {
        return name;
    }

    Checkpoint checkpoint() {
        return checkpoint;
    }

    Architecture architecture() {
        return architecture;
    }

    String fingerprint() {
        return checkpoint.fingerprint();
    }

    /** Elements of a hidden state. */
    int width() {
        return architecture.width();
    }

    /** Bytes of a hidden state. */
    int rowBytes() {
        return width() * Float.BYTES;
    }

    /** Layers of the model, with experts or without. */
    int layerCount() {
        return architecture.layers().size();
    }

    /** Which layers have experts. */
    ExpertLayers layers() {
        return layers;
    }

    ExpertGate gate(int layer) {
        return gates.layer(layer);
    }

    /** What the gate of a layer fills; the same for each of its windows. */
    Routing routing(int layer) {
        return routings.computeIfAbsent(layer, _ -> gate(layer).newRouting());
    }

    /** A matrix of hidden states that lives as long as the model. */
    FloatMatrix allocate(int rows) {
        return FloatMatrix.allocate(arena, rows, width());
    }

    @Override
    public void close() {
        gates.close();
        arena.close();
        pool.close();
        checkpoint.close();
    }
}
