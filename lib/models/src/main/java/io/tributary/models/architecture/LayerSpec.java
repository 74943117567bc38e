package io.tributary.models.architecture;

/**
 * One pre-normalised residual layer: {@code x += tokenMixing(norm(x)); x += channelMixing(norm(x))}.
 *
 * @param beforeTokenMixing the first norm
 * @param tokenMixing how positions look at each other
 * @param beforeChannelMixing the second norm
 * @param channelMixing the networks that work on each position
 */
public record LayerSpec(
        Normalization beforeTokenMixing,
        TokenMixing tokenMixing,
        Normalization beforeChannelMixing,
        ChannelMixing channelMixing) {}
