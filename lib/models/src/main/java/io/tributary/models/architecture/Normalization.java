package io.tributary.models.architecture;

/** How a hidden state is normalised. */
public sealed interface Normalization permits RmsNormalization, LayerNormalization {}
