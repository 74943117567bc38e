package io.tributary.models.architecture;

/** How a layer lets positions look at each other. */
public sealed interface TokenMixing permits CausalAttention {}
