package io.tributary.gateway;

import io.tributary.proto.log.v1.ContinueSession;
import io.tributary.proto.log.v1.OpenSession;
import io.tributary.proto.log.v1.Priority;

/** What sessions begin with, and turns of them. */
final class Openings {
    private Openings() {}

    /** A session that continues one prompt. */
    static OpenSession generation(ServedModel model, Admission admission) {
        GenerationRequest request = admission.request();
        return OpenSession.newBuilder()
                .setModelFingerprint(model.fingerprint())
                .setPromptLength(admission.promptIds().size())
                .setMaxTokens(admission.maximalTokens())
                .setSampling(request.sampling().record())
                .setPriority(priority(request.interactive()))
                .setReportsRouting(request.reportsRouting())
                .build();
    }

    /**
     * A session that stays for further turns.
     *
     * @param positions that it may have, over all turns
     */
    static OpenSession conversation(ServedModel model, Admission admission, int positions) {
        return generation(model, admission).toBuilder()
                .setKeepsOpen(true)
                .setMaxPositions(positions)
                .build();
    }

    /** The next turn of such a session. */
    static ContinueSession turn(Admission admission) {
        return ContinueSession.newBuilder()
                .setPromptLength(admission.promptIds().size())
                .setMaxTokens(admission.maximalTokens())
                .setSampling(admission.request().sampling().record())
                .build();
    }

    /** A session that says how likely the tokens of its prompt are. */
    static OpenSession scoring(ServedModel model, int promptLength, SamplingRequest sampling) {
        return reading(model, promptLength, sampling, false)
                .setScoresPrompt(true)
                .build();
    }

    /** A session that says what the model makes of its prompt. */
    static OpenSession embedding(ServedModel model, int promptLength, boolean interactive) {
        return reading(model, promptLength, SamplingRequest.greedy(0), interactive)
                .setEmbedsPrompt(true)
                .build();
    }

    /** The log knows no session without a token, so one is sampled that nobody reads. */
    private static OpenSession.Builder reading(
            ServedModel model, int promptLength, SamplingRequest sampling, boolean interactive) {
        return OpenSession.newBuilder()
                .setModelFingerprint(model.fingerprint())
                .setPromptLength(promptLength)
                .setMaxTokens(1)
                .setSampling(sampling.record())
                .setPriority(priority(interactive));
    }

    private static Priority priority(boolean interactive) {
        return interactive ? Priority.PRIORITY_INTERACTIVE : Priority.PRIORITY_BATCH;
    }
}
