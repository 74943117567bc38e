package io.tributary.models.sampling;

import java.util.List;

/**
 * How likely a given token was.
 *
 * @param id the token
 * @param logprob natural logarithm of its probability under the model
 * @param likeliest the likeliest tokens at its place in falling order, as many as asked for
 */
public record TokenScore(int id, float logprob, List<TokenLogprob> likeliest) {
    public TokenScore {
        likeliest = List.copyOf(likeliest);
    }
}
