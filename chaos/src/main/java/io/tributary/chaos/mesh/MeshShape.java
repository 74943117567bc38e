package io.tributary.chaos.mesh;

/**
 * How many processes a mesh has, besides its broker and its tokenizer.
 *
 * @param stages that the layers are cut into
 * @param replicas shards a stage
 * @param gateways gateways
 */
public record MeshShape(int stages, int replicas, int gateways) {}
