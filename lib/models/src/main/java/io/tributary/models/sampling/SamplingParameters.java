package io.tributary.models.sampling;

/**
 * How a token is drawn from logits. All values are resolved; the neutral ones are those of {@link #greedy()}.
 *
 * @param temperature 0 to 100; 0 is greedy
 * @param topK keeps the k likeliest tokens; 0 keeps all
 * @param topP above 0, up to 1: keeps the smallest set of tokens whose probability reaches p; 1 keeps all
 * @param minP 0 to 1: keeps tokens at least this many times as likely as the likeliest; 0 keeps all
 * @param repetitionPenalty above 0: divides positive and multiplies negative logits of tokens in the prompt or generated
 * @param frequencyPenalty -2 to 2: subtracted per occurrence among the generated tokens
 * @param presencePenalty -2 to 2: subtracted once if the token is among the generated ones
 * @param seed the key of the random numbers; all 64 bits count
 * @param topLogprobs 0 to 20: number of likeliest tokens reported with each draw
 */
public record SamplingParameters(
        float temperature,
        int topK,
        float topP,
        float minP,
        float repetitionPenalty,
        float frequencyPenalty,
        float presencePenalty,
        long seed,
        int topLogprobs) {

    /** Most alternatives that can be asked for. */
    public static final int MAXIMAL_TOP_LOGPROBS = 20;

    /** @throws InvalidParameterException naming the first parameter that is out of range; NaN always is */
    public SamplingParameters {
        require(temperature >= 0 && temperature <= 100, "temperature", temperature, "0 to 100");
        if (topK < 0) {
            throw new InvalidParameterException("top_k", Integer.toString(topK), "0 (keep all) or more");
        }
        require(topP > 0 && topP <= 1, "top_p", topP, "above 0, up to 1");
        require(minP >= 0 && minP <= 1, "min_p", minP, "0 to 1");
        require(
                repetitionPenalty > 0 && repetitionPenalty <= Float.MAX_VALUE,
                "repetition_penalty",
                repetitionPenalty,
                "above 0 and finite");
        require(frequencyPenalty >= -2 && frequencyPenalty <= 2, "frequency_penalty", frequencyPenalty, "-2 to 2");
        require(presencePenalty >= -2 && presencePenalty <= 2, "presence_penalty", presencePenalty, "-2 to 2");
        if (topLogprobs < 0 || topLogprobs > MAXIMAL_TOP_LOGPROBS) {
            throw new InvalidParameterException(
                    "top_logprobs", Integer.toString(topLogprobs), "0 to " + MAXIMAL_TOP_LOGPROBS);
        }
    }

    /** The highest logit, the lowest id on a tie; no penalties, no alternatives. */
    public static SamplingParameters greedy() {
        return new SamplingParameters(0, 0, 1, 0, 1, 0, 0, 0, 0);
    }

    boolean isGreedy() {
        return temperature == 0;
    }

    private static void require(boolean holds, String field, float value, String allowed) {
        if (!holds) {
            throw new InvalidParameterException(field, Float.toString(value), allowed);
        }
    }
}
