package io.tributary.models.architecture;

/** A network that sees one position at a time: of a whole layer, or of one expert. */
public sealed interface FeedForward extends ChannelMixing permits SwiGlu, ReluFeedForward, GeluFeedForward {

    /** Elements between its projections. */
    int hidden();

    /** Whether its projections have biases. */
    boolean biases();
}
