package io.tributary.models.architecture;

/** What a layer does to each position alone. */
public sealed interface ChannelMixing permits SwiGlu {}
