package io.tributary.models.contrastive;

import java.util.Arrays;

/**
 * Fits the tokens of a text into the positions of CLIP's text tower and finds the one whose feature stands for the text. As
 * attention is causal, what follows that one changes nothing and is left out.
 *
 * @param positions of the model
 * @param endOfText the id that ends a text; 2 in older configurations, where it means the highest id of the text, as in
 *     OpenAI's implementation and in the transformers library
 */
public record TextWindow(int positions, int endOfText) {
    private static final int HIGHEST_ID = 2;

    /**
     * The tokens up to the end of the text, with it.
     *
     * @param ids of the text with its beginning and its end; padding may follow
     * @param truncate whether a text that is too long is cut, its last position becoming the end
     * @throws TextTooLongException when it is too long and must not be cut
     * @throws IllegalArgumentException when there are no ids
     */
    public int[] fit(int[] ids, boolean truncate) {
        if (ids.length == 0) {
            throw new IllegalArgumentException("a text without tokens; its beginning and its end are needed at least");
        }
        int end = end(ids);
        if (end < positions) {
            return Arrays.copyOf(ids, end + 1);
        }
        if (!truncate) {
            throw new TextTooLongException(end + 1, positions);
        }
        int[] cut = Arrays.copyOf(ids, positions);
        cut[positions - 1] = ids[end];
        return cut;
    }

    /** Index of the first token that ends the text; without one the last token does. */
    private int end(int[] ids) {
        int wanted = endOfText == HIGHEST_ID ? Arrays.stream(ids).max().getAsInt() : endOfText;
        for (int index = 0; index < ids.length; index++) {
            if (ids[index] == wanted) {
                return index;
            }
        }
        return ids.length - 1;
    }
}
