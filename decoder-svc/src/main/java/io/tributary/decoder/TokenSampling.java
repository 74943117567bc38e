package io.tributary.decoder;

import io.tributary.decoder.StageBatch.Chunk;
import io.tributary.models.sampling.SampledToken;
import io.tributary.models.sampling.Sampler;
import io.tributary.models.sampling.TokenLogprob;
import io.tributary.proto.log.v1.FinishReason;
import java.lang.foreign.MemorySegment;

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
     */
    void sample(Chunk chunk, MemorySegment logits) {
        ShardSession session = chunk.session();
        int position = chunk.end();
        SampledToken token = sampler.sample(logits, chunk.turn().sampling(), session.history(), position);
        FinishReason reason = finishReason(chunk.turn(), token.id(), position);
        output.token(session, chunk.entry(), tokenRecord(chunk.turn(), token, position, reason, logits));
        if (reason == FinishReason.FINISH_REASON_UNSPECIFIED) {
            output.feedBack(session, chunk.entry(), position, token.id());
        } else {
            session.finish();
            if (!session.keepsOpen()) {
                output.finished(session, chunk.entry());
            }
        }
    }

    private FinishReason finishReason(Turn turn, int token, int position) {
        if (model.architecture().endsText(token) && !turn.ignoresEndOfText()) {
            return FinishReason.FINISH_REASON_END_OF_TEXT;
        }
        return position + 1 >= turn.endPosition()
                ? FinishReason.FINISH_REASON_LENGTH
                : FinishReason.FINISH_REASON_UNSPECIFIED;
    }

    private static io.tributary.proto.log.v1.SampledToken tokenRecord(
            Turn turn, SampledToken token, int position, FinishReason reason, MemorySegment logits) {
        var builder = io.tributary.proto.log.v1.SampledToken.newBuilder()
                .setPosition(position)
                .setTokenId(token.id())
                .setLogprob(token.logprob())
                .setFinishReason(reason);
        for (TokenLogprob alternative : token.alternatives()) {
            builder.addTopLogprobs(io.tributary.proto.log.v1.TokenLogprob.newBuilder()
                    .setTokenId(alternative.id())
                    .setLogprob(alternative.logprob()));
        }
        if (turn.includesLogits()) {
            builder.setLogits(StageOutput.bytesOf(logits));
        }
        return builder.build();
    }
}
