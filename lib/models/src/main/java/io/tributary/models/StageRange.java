package io.tributary.models;

/**
 * Which part of a decoder a stage runs. The first stage also embeds, the last one normalises and unembeds.
 *
 * @param index the stage, from 0
 * @param count number of stages
 * @param firstLayer its first layer
 * @param endLayer the layer behind its last one
 */
public record StageRange(int index, int count, int firstLayer, int endLayer) {

    public StageRange {
        if (index < 0 || index >= count) {
            throw new IllegalArgumentException(
                    "stage " + index + " of " + count + " stages does not exist; the first one is 0");
        }
        if (firstLayer < 0 || firstLayer >= endLayer) {
            throw new IllegalArgumentException(
                    "layers " + firstLayer + " to " + endLayer + " (exclusive) are no range of layers");
        }
    }

    /** Splits layers evenly; the first stages take one more each if they do not divide. */
    public static StageRange of(int index, int count, int layers) {
        if (count < 1 || count > layers) {
            throw new IllegalArgumentException("a model of " + layers + " layers can't be split into " + count
                    + " stages; allowed are 1 to " + layers);
        }
        int size = layers / count;
        int larger = layers % count;
        int first = index * size + Math.min(index, larger);
        return new StageRange(index, count, first, first + size + (index < larger ? 1 : 0));
    }

    /** Number of layers in the stage. */
    public int layers() {
        return endLayer - firstLayer;
    }

    /** Whether the stage takes token ids. */
    public boolean first() {
        return index == 0;
    }

    /** Whether the stage gives logits. */
    public boolean last() {
        return index == count - 1;
    }
}
