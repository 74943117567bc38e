package io.tributary.models.architecture;

import java.util.Collections;
import java.util.OptionalInt;
import java.util.Set;

/** The numbers of a decoder whose layers are all alike, as configurations give them; checked together. */
record DecoderDimensions(
        int vocabularySize,
        int width,
        int contextLength,
        int layers,
        CausalAttention attention,
        SwiGlu feedForward,
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
        LayerSpec layer = new LayerSpec(norm, attention, norm, feedForward);
        return new Architecture(
                vocabularySize,
                width,
                contextLength,
                Collections.nCopies(layers, layer),
                norm,
                tied,
                endOfTextIds,
                beginningOfTextId);
    }
}
