package io.tributary.models.packing;

import io.tributary.kernels.PackedWeights;

/**
 * A packed matrix.
 *
 * @param name of its tensor, unique in a checkpoint
 */
record NamedMatrix(String name, PackedWeights weights) {}
