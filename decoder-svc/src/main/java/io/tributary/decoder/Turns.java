package io.tributary.decoder;

import com.google.rpc.Code;
import io.tributary.models.sampling.InvalidParameterException;
import io.tributary.models.sampling.LogitBias;
import io.tributary.models.sampling.Penalties;
import io.tributary.models.sampling.SamplingParameters;
import io.tributary.models.sampling.Truncation;
import io.tributary.proto.log.v1.ContinueSession;
import io.tributary.proto.log.v1.OpenSession;
import io.tributary.proto.log.v1.Sampling;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes turns of what gateways ask for, and refuses what cannot be done. For any thread. */
final class Turns implements AutoCloseable {
    private final StageModel model;
    private final ConstraintCompiler constraints;

    /** @param onCompiled told whenever the grammar of a turn was compiled, or could not be */
    Turns(StageModel model, Runnable onCompiled) {
        this.model = model;
        this.constraints = new ConstraintCompiler(model, onCompiled);
    }

    /**
     * The turn that a session begins with.
     *
     * @param mostPositions that the session may have
     * @throws SessionRefusedException if a value is out of range, or a constraint of an unknown kind
     */
    Turn of(OpenSession opening, int mostPositions) throws SessionRefusedException {
        return of(
                opening.getPromptLength(),
                opening.getMaxTokens(),
                opening.getSampling(),
                mostPositions,
                opening.getScoresPrompt(),
                opening.getEmbedsPrompt(),
                opening.getReportsRouting());
    }

    /**
     * The next turn of a session.
     *
     * @param mostPositions that the session may have
     * @throws SessionRefusedException if a value is out of range, or a constraint of an unknown kind
     */
    Turn of(ContinueSession next, int mostPositions) throws SessionRefusedException {
        return of(next.getPromptLength(), next.getMaxTokens(), next.getSampling(), mostPositions, false, false, false);
    }

    private Turn of(
            int promptLength,
            int maximalTokens,
            Sampling sampling,
            int mostPositions,
            boolean scoresPrompt,
            boolean embedsPrompt,
            boolean reportsRouting)
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
                sampling.getIncludeLogits(),
                scoresPrompt,
                embedsPrompt,
                reportsRouting,
                grammar(sampling));
    }

    private SamplingParameters parameters(Sampling sampling) throws SessionRefusedException {
        try {
            SamplingParameters parameters = SamplingParameters.greedy()
                    .withTemperature(sampling.getTemperature())
                    .withTruncation(truncationOf(sampling))
                    .withPenalties(penaltiesOf(sampling))
                    .withSeed(sampling.getSeed())
                    .withTopLogprobs(sampling.getTopLogprobs())
                    .withLogitBiases(biasesOf(sampling));
            parameters.requireTokensOf(model.architecture().vocabularySize());
            return parameters;
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

    private static List<LogitBias> biasesOf(Sampling sampling) {
        return sampling.getLogitBiasList().stream()
                .map(bias -> new LogitBias(bias.getTokenId(), bias.getBias()))
                .toList();
    }

    /** Only the last stage samples, so only it needs the grammar. */
    private @Nullable TurnGrammar grammar(Sampling sampling) throws SessionRefusedException {
        return model.range().last() && sampling.hasConstraint()
                ? new TurnGrammar(constraints, sampling.getConstraint())
                : null;
    }

    @Override
    public void close() {
        constraints.close();
    }
}
