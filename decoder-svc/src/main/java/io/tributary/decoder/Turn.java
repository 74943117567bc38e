package io.tributary.decoder;

import com.google.rpc.Code;
import io.tributary.models.sampling.InvalidParameterException;
import io.tributary.models.sampling.Penalties;
import io.tributary.models.sampling.SamplingParameters;
import io.tributary.models.sampling.Truncation;
import io.tributary.proto.log.v1.ContinueSession;
import io.tributary.proto.log.v1.OpenSession;
import io.tributary.proto.log.v1.Sampling;

/**
 * What a session does with a prompt: the first one, or that of a later turn.
 *
 * @param promptLength positions up to the end of the prompt, those of turns before included; at least 1
 * @param endPosition the position behind the last token that may be generated
 * @param sampling how tokens are chosen
 * @param ignoresEndOfText whether tokens that end a text are sampled like others
 * @param includesLogits whether token records carry logits
 */
record Turn(
        int promptLength,
        int endPosition,
        SamplingParameters sampling,
        boolean ignoresEndOfText,
        boolean includesLogits) {
    /**
     * The turn that a session begins with.
     *
     * @param mostPositions that the session may have
     * @throws SessionRefusedException if a value is out of range
     */
    static Turn of(OpenSession opening, int mostPositions) throws SessionRefusedException {
        return of(opening.getPromptLength(), opening.getMaxTokens(), opening.getSampling(), mostPositions);
    }

    /**
     * The next turn of a session.
     *
     * @param mostPositions that the session may have
     * @throws SessionRefusedException if a value is out of range
     */
    static Turn of(ContinueSession next, int mostPositions) throws SessionRefusedException {
        return of(next.getPromptLength(), next.getMaxTokens(), next.getSampling(), mostPositions);
    }

    private static Turn of(int promptLength, int maximalTokens, Sampling sampling, int mostPositions)
            throws SessionRefusedException {
        long positions = Integer.toUnsignedLong(promptLength) + Integer.toUnsignedLong(maximalTokens);
        if (promptLength == 0 || maximalTokens == 0 || positions > mostPositions) {
            throw new SessionRefusedException(
                    Code.RESOURCE_EXHAUSTED,
                    "a prompt of %s and at most %s tokens; each needs at least 1, together at most %d"
                            .formatted(
                                    Integer.toUnsignedString(promptLength),
                                    Integer.toUnsignedString(maximalTokens),
                                    mostPositions));
        }
        return new Turn(
                promptLength,
                (int) positions,
                parameters(sampling),
                sampling.getIgnoreEndOfText(),
                sampling.getIncludeLogits());
    }

    private static SamplingParameters parameters(Sampling sampling) throws SessionRefusedException {
        try {
            return SamplingParameters.greedy()
                    .withTemperature(sampling.getTemperature())
                    .withTruncation(truncationOf(sampling))
                    .withPenalties(penaltiesOf(sampling))
                    .withSeed(sampling.getSeed())
                    .withTopLogprobs(sampling.getTopLogprobs());
        } catch (InvalidParameterException invalid) {
            throw new SessionRefusedException(
                    Code.INVALID_ARGUMENT,
                    "%s is %s but must be %s".formatted(invalid.field(), invalid.value(), invalid.allowed()));
        }
    }

    private static Truncation truncationOf(Sampling sampling) {
        return Truncation.keepAll()
                .withTopK(sampling.getTopK())
                .withTopP(sampling.getTopP())
                .withMinP(sampling.getMinP())
                .withTypicalP(sampling.hasTypicalP() ? sampling.getTypicalP() : 1)
                .withEpsilonCutoff(sampling.getEpsilonCutoff());
    }

    private static Penalties penaltiesOf(Sampling sampling) {
        return Penalties.none()
                .withRepetition(sampling.getRepetitionPenalty())
                .withFrequency(sampling.getFrequencyPenalty())
                .withPresence(sampling.getPresencePenalty())
                .withNoRepeatNgramSize(sampling.getNoRepeatNgramSize());
    }
}
