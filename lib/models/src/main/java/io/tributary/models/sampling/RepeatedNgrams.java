package io.tributary.models.sampling;

import java.util.Arrays;

/**
 * Rules out tokens that would repeat an n-gram: those that followed an earlier occurrence of the last n - 1 tokens. The
 * occurrences are found by the search of Knuth, Morris and Pratt, so that a draw takes steps proportional to the length
 * of the sequence, whatever it holds and whatever n is. Keeps n - 1 numbers of scratch memory.
 */
final class RepeatedNgrams {
    /** For each front of the last n - 1 tokens: length of its longest proper front that is also its end. */
    private int[] borders = new int[8];

    /**
     * Sets the scores of the tokens that would complete an n-gram for the second time to negative infinity.
     *
     * @param size n, at least 1
     * @param scores [vocabulary]; all tokens of the history are below
     */
    void ruleOut(TokenHistory history, int size, float[] scores) {
        int length = history.tokens();
        int context = size - 1;
        if (context >= length) {
            return;
        }
        if (context == 0) {
            for (int index = 0; index < history.distinctTokens(); index++) {
                scores[history.id(index)] = Float.NEGATIVE_INFINITY;
            }
            return;
        }
        findBorders(history, context);
        int matched = 0;
        for (int position = 0; position < length - 1; position++) {
            matched = matchedBy(history, context, matched, history.token(position));
            if (matched == context) {
                scores[history.token(position + 1)] = Float.NEGATIVE_INFINITY;
                matched = borders[context - 1];
            }
        }
    }

    private void findBorders(TokenHistory history, int context) {
        if (borders.length < context) {
            borders = Arrays.copyOf(borders, Math.max(context, 2 * borders.length));
        }
        borders[0] = 0;
        int first = history.tokens() - context;
        for (int index = 1; index < context; index++) {
            borders[index] = matchedBy(history, context, borders[index - 1], history.token(first + index));
        }
    }

    /** How many of the last {@code context} tokens are matched when {@code matched} were and this token comes. */
    private int matchedBy(TokenHistory history, int context, int matched, int token) {
        int first = history.tokens() - context;
        int front = matched;
        while (front > 0 && history.token(first + front) != token) {
            front = borders[front - 1];
        }
        return history.token(first + front) == token ? front + 1 : front;
    }
}
