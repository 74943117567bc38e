package io.tributary.models.architecture;

/**
 * One pre-normalised residual layer: {@code x += tokenMixing(norm(x)); x += channelMixing(norm(x))}.
 *
 * @param beforeTokenMixing the first norm
 * @param tokenMixing how positions look at each other
 * @param beforeChannelMixing the second norm
 * @param channelMixing what happens to each position alone
 */
public record LayerSpec(
        Normalization beforeTokenMixing,
        TokenMixing tokenMixing,
        Normalization beforeChannelMixing,
        ChannelMixing channelMixing) {}
