package io.tributary.gateway;

import io.tributary.edge.TraceContext;
import io.tributary.log.LogWriter;
import io.tributary.log.SessionId;
import io.tributary.models.sampling.Penalties;
import io.tributary.models.sampling.SamplingParameters;
import io.tributary.models.sampling.Truncation;
import io.tributary.proto.log.v1.Activation;
import io.tributary.proto.log.v1.CloseReason;
import io.tributary.proto.log.v1.CloseSession;
import io.tributary.proto.log.v1.LaneRecord;
import io.tributary.proto.log.v1.OpenSession;
import io.tributary.proto.log.v1.Priority;
import io.tributary.proto.log.v1.Sampling;
import io.tributary.proto.log.v1.TokenRecord;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Writes what a gateway has to say: openings, prompts in chunks and closings to stage 0; starts and cancellations to gateways. */
final class SessionWriter {
    private final LogWriter<LaneRecord> stage0;
    private final LogWriter<TokenRecord> tokens;
    private final ServedModel model;
    private final int chunk;

    /** @param chunk positions of a prompt in one record */
    SessionWriter(LogWriter<LaneRecord> stage0, LogWriter<TokenRecord> tokens, ServedModel model, int chunk) {
        this.stage0 = stage0;
        this.tokens = tokens;
        this.model = model;
        this.chunk = chunk;
    }

    /** Appends the session's start: from now on any gateway can go on with it. */
    CompletionStage<Long> start(SessionDescription session, TraceContext trace) {
        return append(session.id(), TokenRecord.newBuilder().setStart(session.record()), trace.headers());
    }

    /**
     * Appends the opening and the whole prompt.
     *
     * @return done when the log holds the last record; since a lane keeps its order, then it holds all of them
     */
    CompletionStage<Long> open(SessionId session, Admission admission, TraceContext trace) {
        Map<String, String> headers = trace.headers();
        CompletionStage<Long> last = append(session, LaneRecord.newBuilder().setOpen(opening(admission)), headers);
        List<Integer> ids = admission.promptIds();
        for (int from = 0; from < ids.size(); from += chunk) {
            Activation activation = Activation.newBuilder()
                    .setFirstPosition(from)
                    .addAllTokenIds(ids.subList(from, Math.min(from + chunk, ids.size())))
                    .build();
            CompletionStage<Long> next = append(session, LaneRecord.newBuilder().setActivation(activation), headers);
            last = last.thenCombine(next, (before, offset) -> offset);
        }
        return last;
    }

    /** Appends the end of a session whose client has all that it wants, so that every stage frees it. */
    CompletionStage<Long> finish(SessionId session, TraceContext trace) {
        return close(session, CloseReason.CLOSE_REASON_FINISHED, trace);
    }

    /** Appends the end of a session that nobody wants any more, of which the last stage tells whoever streams it. */
    CompletionStage<Long> cancel(SessionId session, TraceContext trace) {
        return close(session, CloseReason.CLOSE_REASON_CANCELLED, trace);
    }

    private CompletionStage<Long> close(SessionId session, CloseReason reason, TraceContext trace) {
        CloseSession close = CloseSession.newBuilder().setReason(reason).build();
        return append(session, LaneRecord.newBuilder().setClose(close), trace.headers());
    }

    private CompletionStage<Long> append(SessionId session, LaneRecord.Builder builder, Map<String, String> headers) {
        String id = session.toString();
        return stage0.append(session.lane(), builder.setSessionId(id).build(), id, headers);
    }

    private CompletionStage<Long> append(SessionId session, TokenRecord.Builder builder, Map<String, String> headers) {
        String id = session.toString();
        return tokens.append(session.lane(), builder.setSessionId(id).build(), id, headers);
    }

    private OpenSession opening(Admission admission) {
        return OpenSession.newBuilder()
                .setModelFingerprint(model.fingerprint())
                .setPromptLength(admission.promptIds().size())
                .setMaxTokens(admission.maximalTokens())
                .setSampling(sampling(admission.request()))
                .setPriority(
                        admission.request().interactive() ? Priority.PRIORITY_INTERACTIVE : Priority.PRIORITY_BATCH)
                .build();
    }

    /** What the last stage needs to know to sample for the request, with no value left out. */
    static Sampling sampling(GenerationRequest request) {
        SamplingParameters sampling = request.sampling();
        Truncation truncation = sampling.truncation();
        Penalties penalties = sampling.penalties();
        return Sampling.newBuilder()
                .setTemperature(sampling.temperature())
                .setTopK(truncation.topK())
                .setTopP(truncation.topP())
                .setMinP(truncation.minP())
                .setTypicalP(truncation.typicalP())
                .setEpsilonCutoff(truncation.epsilonCutoff())
                .setRepetitionPenalty(penalties.repetition())
                .setFrequencyPenalty(penalties.frequency())
                .setPresencePenalty(penalties.presence())
                .setNoRepeatNgramSize(penalties.noRepeatNgramSize())
                .setSeed(sampling.seed())
                .setTopLogprobs(sampling.topLogprobs())
                .setIncludeLogits(request.includeLogits())
                .build();
    }
}
