package io.tributary.models;

import io.tributary.kernels.KeyValueType;

/**
 * Memory of a stage for keys and values.
 *
 * @param bytes that those of all open sequences may take together
 * @param type how they are stored
 */
public record KeyValueBudget(long bytes, KeyValueType type) {}
