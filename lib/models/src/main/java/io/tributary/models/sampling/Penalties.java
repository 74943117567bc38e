package io.tributary.models.sampling;

/**
 * What tokens lose that the sequence holds already.
 *
 * @param repetition above 0: divides positive and multiplies negative logits of tokens in the prompt or generated; 1
 *     changes nothing
 * @param frequency -2 to 2: subtracted per occurrence among the generated tokens; 0 changes nothing
 * @param presence -2 to 2: subtracted once if the token is among the generated ones; 0 changes nothing
 * @param noRepeatNgramSize n of 1 or more: rules out each token that would complete a run of n tokens which prompt and
 *     generated tokens hold already; 0 rules out none
 */
public record Penalties(float repetition, float frequency, float presence, int noRepeatNgramSize) {

    /** @throws InvalidParameterException naming the first parameter that is out of range; NaN always is */
    public Penalties {
        InvalidParameterException.unless(
                repetition > 0 && repetition <= Float.MAX_VALUE,
                "repetition_penalty",
                repetition,
                "above 0 and finite");
        InvalidParameterException.unless(frequency >= -2 && frequency <= 2, "frequency_penalty", frequency, "-2 to 2");
        InvalidParameterException.unless(presence >= -2 && presence <= 2, "presence_penalty", presence, "-2 to 2");
        InvalidParameterException.unless(
                noRepeatNgramSize >= 0, "no_repeat_ngram_size", noRepeatNgramSize, "0 (rule out none) or more");
    }

    /** Logits stay as they are. */
    public static Penalties none() {
        return new Penalties(1, 0, 0, 0);
    }

    /** These penalties with another repetition penalty. */
    public Penalties withRepetition(float value) {
        return new Penalties(value, frequency, presence, noRepeatNgramSize);
    }

    /** These penalties with another frequency penalty. */
    public Penalties withFrequency(float value) {
        return new Penalties(repetition, value, presence, noRepeatNgramSize);
    }

    /** These penalties with another presence penalty. */
    public Penalties withPresence(float value) {
        return new Penalties(repetition, frequency, value, noRepeatNgramSize);
    }

    /** These penalties with another size of n-grams that must not repeat. */
    public Penalties withNoRepeatNgramSize(int value) {
        return new Penalties(repetition, frequency, presence, value);
    }

    /** Whether the logit of a token in the sequence can change, apart from being ruled out. */
    boolean changeLogits() {
        return repetition != 1 || frequency != 0 || presence != 0;
    }
}
