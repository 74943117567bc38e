package io.tributary.decoder;

import io.tributary.models.sampling.SamplingParameters;
import org.jspecify.annotations.Nullable;

/**
 * What a session does with a prompt: the first one, or that of a later turn.
 *
 * @param promptLength positions up to the end of the prompt, those of turns before included; at least 1
 * @param endPosition the position behind the last token that may be generated
 * @param sampling how tokens are chosen
 * @param ignoresEndOfText whether tokens that end a text are sampled like others
 * @param includesLogits whether token records carry logits
 * @param scoresPrompt whether the last stage reports how likely the prompt's tokens were
 * @param embedsPrompt whether the last stage reports the prompt's embedding
 * @param reportsRouting whether it is reported which experts were chosen
 * @param grammar what the generated text must be; null if it is free, and on all stages but the last
 */
record Turn(
        int promptLength,
        int endPosition,
        SamplingParameters sampling,
        boolean ignoresEndOfText,
        boolean includesLogits,
        boolean scoresPrompt,
        boolean embedsPrompt,
        boolean reportsRouting,
        @Nullable TurnGrammar grammar) {
    /** Whether something is reported of the prompt besides the token behind it. */
    boolean reportsPrompt() {
        return scoresPrompt || embedsPrompt;
    }

    /** Whether nothing has to be waited for before a token can be sampled. */
    boolean canSample() {
        return grammar == null || grammar.ready();
    }

    /** Why the grammar could not be compiled, if it could not. */
    @Nullable
    SessionRefusedException grammarProblem() {
        return grammar == null ? null : grammar.problem();
    }

    /** Something of it is to be sampled: its grammar is compiled, if it has one. */
    void requestGrammar() {
        if (grammar != null) {
            grammar.request();
        }
    }
}
