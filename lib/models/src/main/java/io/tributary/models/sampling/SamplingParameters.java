package io.tributary.models.sampling;

/**
 * How a token is drawn from logits. All values are resolved; the neutral ones are those of {@link #greedy()}, from which
 * the {@code with} methods lead to any other.
 *
 * @param temperature 0 to 100; 0 is greedy
 * @param truncation which tokens can be drawn at all; without effect if greedy
 * @param penalties what tokens lose that the sequence holds already
 * @param seed the key of the random numbers; all 64 bits count
 * @param topLogprobs 0 to 20: number of likeliest tokens reported with each draw
 */
public record SamplingParameters(
        float temperature, Truncation truncation, Penalties penalties, long seed, int topLogprobs) {

    /** Most alternatives that can be asked for. */
    public static final int MAXIMAL_TOP_LOGPROBS = 20;

    /** @throws InvalidParameterException naming the first parameter that is out of range; NaN always is */
    public SamplingParameters {
        InvalidParameterException.unless(
                temperature >= 0 && temperature <= 100, "temperature", temperature, "0 to 100");
        InvalidParameterException.unless(
                topLogprobs >= 0 && topLogprobs <= MAXIMAL_TOP_LOGPROBS,
                "top_logprobs",
                topLogprobs,
                "0 to " + MAXIMAL_TOP_LOGPROBS);
    }

    /** The highest logit, the lowest id on a tie; no penalties, no alternatives. */
    public static SamplingParameters greedy() {
        return new SamplingParameters(0, Truncation.keepAll(), Penalties.none(), 0, 0);
    }

    /** These parameters with another temperature. */
    public SamplingParameters withTemperature(float value) {
        return new SamplingParameters(value, truncation, penalties, seed, topLogprobs);
    }

    /** These parameters with another truncation. */
    public SamplingParameters withTruncation(Truncation value) {
        return new SamplingParameters(temperature, value, penalties, seed, topLogprobs);
    }

    /** These parameters with other penalties. */
    public SamplingParameters withPenalties(Penalties value) {
        return new SamplingParameters(temperature, truncation, value, seed, topLogprobs);
    }

    /** These parameters with another seed. */
    public SamplingParameters withSeed(long value) {
        return new SamplingParameters(temperature, truncation, penalties, value, topLogprobs);
    }

    /** These parameters with another number of alternatives. */
    public SamplingParameters withTopLogprobs(int value) {
        return new SamplingParameters(temperature, truncation, penalties, seed, value);
    }

    boolean isGreedy() {
        return temperature == 0;
    }
}
