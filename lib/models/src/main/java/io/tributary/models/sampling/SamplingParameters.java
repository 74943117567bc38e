package io.tributary.models.sampling;

import java.util.List;

/**
 * How a token is drawn from logits. All values are resolved; the neutral ones are those of {@link #greedy()}, from which
 * the {@code with} methods lead to any other.
 *
 * @param temperature 0 to 100; 0 is greedy
 * @param truncation which tokens can be drawn at all; without effect if greedy
 * @param penalties what tokens lose that the sequence holds already
 * @param seed the key of the random numbers; all 64 bits count
 * @param topLogprobs 0 to 20: number of likeliest tokens reported with each draw
 * @param logitBiases at most 1024: added to logits before everything else
 */
public record SamplingParameters(
        float temperature,
        Truncation truncation,
        Penalties penalties,
        long seed,
        int topLogprobs,
        List<LogitBias> logitBiases) {

    /** Most alternatives that can be asked for. */
    public static final int MAXIMAL_TOP_LOGPROBS = 20;

    /** Most tokens whose logits can have a bias. */
    public static final int MAXIMAL_LOGIT_BIASES = 1024;

    /** @throws InvalidParameterException naming the first parameter that is out of range; NaN always is */
    public SamplingParameters {
        InvalidParameterException.unless(
                temperature >= 0 && temperature <= 100, "temperature", temperature, "0 to 100");
        InvalidParameterException.unless(
                topLogprobs >= 0 && topLogprobs <= MAXIMAL_TOP_LOGPROBS,
                "top_logprobs",
                topLogprobs,
                "0 to " + MAXIMAL_TOP_LOGPROBS);
        InvalidParameterException.unless(
                logitBiases.size() <= MAXIMAL_LOGIT_BIASES,
                "the number of tokens in logit_bias",
                logitBiases.size(),
                "at most " + MAXIMAL_LOGIT_BIASES);
        logitBiases = List.copyOf(logitBiases);
    }

    /** The highest logit, the lowest id on a tie; no penalties, no alternatives. */
    public static SamplingParameters greedy() {
        return new SamplingParameters(0, Truncation.keepAll(), Penalties.none(), 0, 0, List.of());
    }

    /** These parameters with another temperature. */
    public SamplingParameters withTemperature(float value) {
        return new SamplingParameters(value, truncation, penalties, seed, topLogprobs, logitBiases);
    }

    /** These parameters with another truncation. */
    public SamplingParameters withTruncation(Truncation value) {
        return new SamplingParameters(temperature, value, penalties, seed, topLogprobs, logitBiases);
    }

    /** These parameters with other penalties. */
    public SamplingParameters withPenalties(Penalties value) {
        return new SamplingParameters(temperature, truncation, value, seed, topLogprobs, logitBiases);
    }

    /** These parameters with another seed. */
    public SamplingParameters withSeed(long value) {
        return new SamplingParameters(temperature, truncation, penalties, value, topLogprobs, logitBiases);
    }

    /** These parameters with another number of alternatives. */
    public SamplingParameters withTopLogprobs(int value) {
        return new SamplingParameters(temperature, truncation, penalties, seed, value, logitBiases);
    }

    /** These parameters with other biases. */
    public SamplingParameters withLogitBiases(List<LogitBias> value) {
        return new SamplingParameters(temperature, truncation, penalties, seed, topLogprobs, value);
    }

    /**
     * Checks that every token they name is one of a vocabulary.
     *
     * @throws InvalidParameterException naming the first that is not
     */
    public void requireTokensOf(int vocabulary) {
        for (int index = 0; index < logitBiases.size(); index++) {
            int id = logitBiases.get(index).tokenId();
            if (id >= vocabulary) {
                throw new InvalidParameterException(
                        "a token id in logit_bias",
                        Integer.toString(id),
                        "one of the vocabulary, 0 to " + (vocabulary - 1));
            }
        }
    }

    boolean isGreedy() {
        return temperature == 0;
    }
}
