package io.tributary.models.architecture;

/**
 * A stack of alike transformer layers that sees whole sequences at once, as data: the middle of BERT, of CLIP's towers, of
 * HuBERT, of a vision transformer. What comes before and behind it is theirs.
 *
 * @param width elements of a hidden state, a multiple of the heads
 * @param layers number of layers, at least one
 * @param heads of attention; scores are scaled by {@code 1 / sqrt(width / heads)}
 * @param mask which positions see which
 * @param attentionBiases whether the four projections of attention have biases
 * @param network works on each position
 * @param normalization of each of a layer's two halves
 * @param placement where that is
 */
public record EncoderArchitecture(
        int width,
        int layers,
        int heads,
        Mask mask,
        boolean attentionBiases,
        FeedForward network,
        LayerNormalization normalization,
        Placement placement) {

    /** Which positions of its sequence a position sees. */
    public enum Mask {
        /** All. */
        NONE,
        /** Itself and those before it, as in CLIP's text tower. */
        CAUSAL
    }

    /** Where the halves of a layer are normalised. */
    public enum Placement {
        /** {@code x += attention(norm(x)); x += network(norm(x))}: vision transformers, large HuBERT. */
        BEFORE,
        /** {@code x = norm(x + attention(x)); x = norm(x + network(x))}: BERT, base HuBERT. */
        AFTER
    }

    public EncoderArchitecture {
        Bounds.integer("the number of layers", layers, 1, Bounds.LAYERS);
        Bounds.integer("the width", width, 1, Bounds.WIDTH);
        Bounds.integer("the number of heads", heads, 1, Bounds.HEADS);
        if (width % heads != 0) {
            throw new InvalidArchitectureException(
                    "the width", Integer.toString(width), "a multiple of the number of heads, " + heads);
        }
    }

    /** Elements of one head. */
    public int headSize() {
        return width / heads;
    }
}
