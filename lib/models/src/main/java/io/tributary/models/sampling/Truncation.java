package io.tributary.models.sampling;

/**
 * Which tokens can be drawn at all. Applied to the probabilities behind the temperature, in the order of the components;
 * each looks at what the ones before it have kept, as probabilities that sum to 1. At least one token always stays.
 *
 * @param topK keeps the k likeliest tokens; 0 keeps all
 * @param topP above 0, up to 1: keeps the smallest set of tokens whose probability reaches p; 1 keeps all
 * @param minP 0 to 1: keeps tokens at least this many times as likely as the likeliest; 0 keeps all
 * @param typicalP above 0, up to 1: keeps the tokens whose information content is nearest to the entropy, until their
 *     probability reaches p, and those as near as the last of them; the likeliest may go; 1 keeps all (Meister,
 *     Pimentel, Wiher, Cotterell: "Locally typical sampling", TACL 2023)
 * @param epsilonCutoff 0, up to but not including 1: keeps tokens of at least this probability, or the likeliest if there
 *     is none; 0 keeps all (Hewitt, Manning, Liang: "Truncation sampling as language model desmoothing", EMNLP 2022)
 */
public record Truncation(int topK, float topP, float minP, float typicalP, float epsilonCutoff) {

    /** @throws InvalidParameterException naming the first parameter that is out of range; NaN always is */
    public Truncation {
        InvalidParameterException.unless(topK >= 0, "top_k", topK, "0 (keep all) or more");
        InvalidParameterException.unless(topP > 0 && topP <= 1, "top_p", topP, "above 0, up to 1");
        InvalidParameterException.unless(minP >= 0 && minP <= 1, "min_p", minP, "0 to 1");
        InvalidParameterException.unless(typicalP > 0 && typicalP <= 1, "typical_p", typicalP, "above 0, up to 1");
        InvalidParameterException.unless(
                epsilonCutoff >= 0 && epsilonCutoff < 1, "epsilon_cutoff", epsilonCutoff, "0 (keep all) to below 1");
    }

    /** Every token can be drawn. */
    public static Truncation keepAll() {
        return new Truncation(0, 1, 0, 1, 0);
    }

    /** This truncation with another top-k. */
    public Truncation withTopK(int value) {
        return new Truncation(value, topP, minP, typicalP, epsilonCutoff);
    }

    /** This truncation with another top-p. */
    public Truncation withTopP(float value) {
        return new Truncation(topK, value, minP, typicalP, epsilonCutoff);
    }

    /** This truncation with another min-p. */
    public Truncation withMinP(float value) {
        return new Truncation(topK, topP, value, typicalP, epsilonCutoff);
    }

    /** This truncation with another typical-p. */
    public Truncation withTypicalP(float value) {
        return new Truncation(topK, topP, minP, value, epsilonCutoff);
    }

    /** This truncation with another epsilon cutoff. */
    public Truncation withEpsilonCutoff(float value) {
        return new Truncation(topK, topP, minP, typicalP, value);
    }
}
