package io.tributary.tokenizer;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How much one request may ask for. */
@ConfigMapping(prefix = "tributary.tokenizer")
public interface TokenizerLimits {
    /** The longest text to encode, in bytes of UTF-8, at least 1. */
    @WithDefault("4194304")
    int maxTextBytes();

    /** The most ids in one request to decode, those of its context and alternatives included. */
    @WithDefault("1048576")
    int maxIdsPerRequest();

    /** How many steps of evaluation a chat template may take, at least 1: some millions take about a second. */
    @WithDefault("10000000")
    long maxTemplateSteps();
}
