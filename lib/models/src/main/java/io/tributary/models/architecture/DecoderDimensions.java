package io.tributary.models.architecture;

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The numbers of a decoder whose layers differ in their channel mixing only, as configurations give them; checked
 * together.
 *
 * @param channelMixing one for each layer
 */
record DecoderDimensions(
        int vocabularySize,
        int width,
        int contextLength,
        CausalAttention attention,
        List<ChannelMixing> channelMixing,
        float epsilon) {

    /** The size of a head when the configuration leaves it out. */
    static int headSize(String widthField, int width, String headsField, int heads) {
        if (width % heads != 0) {
            throw new InvalidArchitectureException(
                    headsField, Integer.toString(heads), "a divisor of " + widthField + ", which is " + width);
        }
        return width / heads;
    }

    /** The number of key/value heads must divide the number of heads. */
    static void checkKeyValueHeads(String field, int keyValueHeads, String headsField, int heads) {
        if (heads % keyValueHeads != 0) {
            throw new InvalidArchitectureException(
                    field, Integer.toString(keyValueHeads), "a divisor of " + headsField + ", which is " + heads);
        }
    }

    /** All heads together must stay a width that can be computed. */
    static void checkQueryWidth(String headsField, int heads, int headSize) {
        Bounds.integer(headsField + " times the head size " + headSize, (long) heads * headSize, 2, Bounds.WIDTH);
    }

    /** A size that is rotated in pairs. */
    static int even(String field, int size) {
        if (size % 2 != 0) {
            throw new InvalidArchitectureException(field, Integer.toString(size), "even: rotary position turns pairs");
        }
        return size;
    }

    Architecture architecture(boolean tied, Set<Integer> endOfTextIds, OptionalInt beginningOfTextId) {
        RmsNormalization norm = new RmsNormalization(epsilon);
        List<LayerSpec> layers = channelMixing.stream()
                .map(mixing -> new LayerSpec(norm, attention, norm, mixing))
                .toList();
        return new Architecture(
                vocabularySize, width, contextLength, layers, norm, tied, endOfTextIds, beginningOfTextId);
    }
}
