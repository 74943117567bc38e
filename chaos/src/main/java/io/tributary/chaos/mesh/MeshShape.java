package io.tributary.chaos.mesh;

import java.util.Optional;

/**
 * How many processes a mesh has, besides its broker and its tokenizer.
 *
 * @param stages that the layers are cut into
 * @param replicas shards a stage
 * @param gateways gateways
 * @param experts routers and expert shards of a model with experts; empty for a model without
 */
public record MeshShape(int stages, int replicas, int gateways, Optional<ExpertShape> experts) {
    /** A mesh of a model without experts. */
    public MeshShape(int stages, int replicas, int gateways) {
        this(stages, replicas, gateways, Optional.empty());
    }

    /** The same stages and gateways for a model whose experts are spread so. */
    public MeshShape withExperts(ExpertShape spread) {
        return new MeshShape(stages, replicas, gateways, Optional.of(spread));
    }
}
