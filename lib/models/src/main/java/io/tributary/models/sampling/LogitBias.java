package io.tributary.models.sampling;

/**
 * What is added to the logit of a token.
 *
 * @param tokenId the token, 0 or more
 * @param bias -100 to 100
 */
public record LogitBias(int tokenId, float bias) {

    /** @throws InvalidParameterException if the bias is out of range, NaN included, or the id negative */
    public LogitBias {
        InvalidParameterException.unless(tokenId >= 0, "logit_bias", tokenId, "of tokens of the vocabulary");
        InvalidParameterException.unless(bias >= -100 && bias <= 100, "logit_bias", bias, "-100 to 100");
    }
}
