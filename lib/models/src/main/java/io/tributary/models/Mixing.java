package io.tributary.models;

/** A block between a norm and a residual addition: reads the normalised rows, writes the summand. */
sealed interface Mixing permits AttentionBlock, FeedForwardBlock, MixtureOfExpertsBlock, RemoteMixtureBlock {
    /** What the block computes, for messages. */
    String operation();

    /** Computes the first rows of the workspace. */
    void run(int rows);
}
