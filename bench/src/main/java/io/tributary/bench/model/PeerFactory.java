package io.tributary.bench.model;

import java.nio.file.Path;

/** Starts another engine to compare with. */
@FunctionalInterface
interface PeerFactory {
    /**
     * Prepares the engine for a model.
     *
     * @param model a GGUF file
     * @throws io.tributary.bench.BenchException when the engine does not start or cannot load the model
     */
    Engine start(Path model, Workload workload);
}
