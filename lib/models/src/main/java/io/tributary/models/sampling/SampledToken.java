package io.tributary.models.sampling;

import java.util.List;

/**
 * A drawn token.
 *
 * @param id the token
 * @param logprob natural logarithm of its probability under the model, before penalties, temperature and truncation
 * @param alternatives the likeliest tokens in falling order of the same probability, as many as asked for
 */
public record SampledToken(int id, float logprob, List<TokenLogprob> alternatives) {
    public SampledToken {
        alternatives = List.copyOf(alternatives);
    }
}
