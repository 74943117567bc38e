package io.tributary.decoder;

import com.google.rpc.Code;
import io.tributary.decoder.StageBatch.Chunk;
import io.tributary.grammars.GrammarState;
import io.tributary.grammars.InvalidGrammarException;
import io.tributary.models.sampling.InvalidLogitsException;
import io.tributary.models.sampling.NoTokenLeftException;
import io.tributary.models.sampling.SampledToken;
import io.tributary.models.sampling.Sampler;
import io.tributary.models.sampling.TokenLogprob;
import io.tributary.proto.log.v1.FinishReason;
import io.tributary.proto.log.v1.LayerRouting;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The end of the last stage: logits become a token, which goes to the gateways and round the ring. */
final class TokenSampling {
    private final StageModel model;
    private final StageOutput output;
    private final Sampler sampler;

    TokenSampling(StageModel model, StageOutput output) {
        this.model = model;
        this.output = output;
        this.sampler = new Sampler(model.architecture().vocabularySize());
    }

    /**
     * Samples the token behind a chunk.
     *
     * @param logits float32 [vocabulary] behind the chunk's last position
     * @param routing which experts were chosen for the chunk's positions, one a layer; empty unless that is reported
     * @throws SessionRefusedException if the logits are no numbers, if the parameters and the turn's grammar leave no token,
     *     or if the grammar turns out to cost too much
     */
    void sample(Chunk chunk, MemorySegment logits, List<LayerRouting> routing) throws SessionRefusedException {
        try {
            sampleNext(chunk, logits, routing);
        } catch (InvalidLogitsException invalid) {
            throw new SessionRefusedException(Code.INTERNAL, String.valueOf(invalid.getMessage()));
        } catch (NoTokenLeftException exhausted) {
            throw new SessionRefusedException(Code.FAILED_PRECONDITION, String.valueOf(exhausted.getMessage()));
        } catch (InvalidGrammarException invalid) {
            throw new SessionRefusedException(Code.INVALID_ARGUMENT, "the constraint: " + invalid.getMessage());
        }
    }

    private void sampleNext(Chunk chunk, MemorySegment logits, List<LayerRouting> routing)
            throws SessionRefusedException {
        ShardSession session = chunk.session();
        Turn turn = chunk.turn();
        int position = chunk.end();
        GrammarState form = session.text().grammarState(turn, position);
        long[] allowed = form == null ? null : form.allowed();
        SampledToken token =
                sampler.sample(logits, turn.sampling(), session.text().history(), position, allowed);
        FinishReason reason = finishReason(turn, token.id(), position, form);
        var told = tokenRecord(turn, token, position, reason, logits)
                .addAllRouting(RoutingRecords.part(routing, chunk.rows() - 1, 1));
        output.token(session, chunk.entry(), told.build());
        if (reason == FinishReason.FINISH_REASON_UNSPECIFIED) {
            output.feedBack(session, chunk.entry(), position, token.id());
        } else {
            session.finish(turn);
            if (!session.keepsOpen()) {
                output.finished(session, chunk.entry());
            }
        }
    }

    private FinishReason finishReason(Turn turn, int token, int position, @Nullable GrammarState form) {
        if (model.architecture().endsText(token) && !turn.ignoresEndOfText()) {
            return FinishReason.FINISH_REASON_END_OF_TEXT;
        }
        if (form != null && model.architecture().endOfTextIds().isEmpty() && endsForm(form.next(token))) {
            return FinishReason.FINISH_REASON_END_OF_TEXT;
        }
        return position + 1 >= turn.endPosition()
                ? FinishReason.FINISH_REASON_LENGTH
                : FinishReason.FINISH_REASON_UNSPECIFIED;
    }

    /** Whether a text has its form and cannot go on: a model without a token for the end of a text cannot say so. */
    private static boolean endsForm(GrammarState form) {
        return form.complete() && Arrays.stream(form.allowed()).allMatch(word -> word == 0);
    }

    private static io.tributary.proto.log.v1.SampledToken.Builder tokenRecord(
            Turn turn, SampledToken token, int position, FinishReason reason, MemorySegment logits) {
        var builder = io.tributary.proto.log.v1.SampledToken.newBuilder()
                .setPosition(position)
                .setTokenId(token.id())
                .setLogprob(token.logprob())
                .setFinishReason(reason);
        for (TokenLogprob alternative : token.alternatives()) {
            builder.addTopLogprobs(StageOutput.logprobOf(alternative));
        }
        if (turn.includesLogits()) {
            builder.setLogits(StageOutput.bytesOf(logits));
        }
        return builder;
    }
}
