package io.tributary.decoder;

/**
 * Fired while a stage is loaded, for whoever shows it to people.
 *
 * @param layers so many are loaded
 * @param allLayers of so many
 */
public record StageLoading(int layers, int allLayers) {}
