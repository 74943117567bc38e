package io.tributary.models.sampling;

/**
 * A token and the natural logarithm of its probability under the model, before penalties, temperature and truncation.
 *
 * @param id the token
 * @param logprob at most 0
 */
public record TokenLogprob(int id, float logprob) {}
