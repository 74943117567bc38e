package io.tributary.models.architecture;

/** What a layer does to each position alone; only some gatings of experts look at a whole sequence. */
public sealed interface ChannelMixing permits FeedForward, MixtureOfExperts {}
