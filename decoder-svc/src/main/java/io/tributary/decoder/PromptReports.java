package io.tributary.decoder;

import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import io.tributary.decoder.StageBatch.Chunk;
import io.tributary.kernels.FloatMatrix;
import io.tributary.models.DecoderStage;
import io.tributary.models.OutputHead;
import io.tributary.models.sampling.InvalidLogitsException;
import io.tributary.models.sampling.TokenLogprob;
import io.tributary.models.sampling.TokenScorer;
import io.tributary.proto.log.v1.LayerRouting;
import io.tributary.proto.log.v1.PromptEmbedding;
import io.tributary.proto.log.v1.PromptRouting;
import io.tributary.proto.log.v1.PromptScores;
import io.tributary.proto.log.v1.TokenScore;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * What the last stage tells of a prompt besides the token behind it: scores, the embedding, and which experts were chosen.
 * Each chunk scores its own tokens; the first one by the hidden state in front of it, which the session keeps from chunk to
 * chunk. A replay computes that state again and tells nothing. Used by the shard's thread.
 */
final class PromptReports {
    private final DecoderStage stage;
    private final StageOutput output;
    private final TokenScorer scorer;
    private final FloatMatrix preceding;

    PromptReports(DecoderStage stage, StageOutput output) {
        this.stage = stage;
        this.output = output;
        this.scorer = new TokenScorer(stage.architecture().vocabularySize());
        this.preceding =
                FloatMatrix.allocate(Arena.ofAuto(), 1, stage.architecture().width());
    }

    /**
     * Tells what is wanted of a chunk with positions of a prompt.
     *
     * @param states [rows, width] behind the last layer
     * @throws SessionRefusedException if logits of the prompt are no numbers
     */
    void report(Chunk chunk, FloatMatrix states) throws SessionRefusedException {
        if (chunk.turn().scoresPrompt()) {
            try {
                score(chunk, states);
            } catch (InvalidLogitsException invalid) {
                throw new SessionRefusedException(Code.INTERNAL, String.valueOf(invalid.getMessage()));
            }
        }
        if (chunk.turn().embedsPrompt()
                && chunk.emits()
                && chunk.end() >= chunk.turn().promptLength()) {
            embed(chunk, states);
        }
    }

    /**
     * Tells which experts were chosen for the chunk's positions of a prompt, its last one excepted, which comes with the token.
     *
     * @param routing of the chunk's positions, of all layers
     */
    void route(Chunk chunk, List<LayerRouting> routing) {
        int positions = Math.min(chunk.end(), chunk.turn().promptLength() - 1) - chunk.first();
        if (positions > 0) {
            PromptRouting.Builder told = PromptRouting.newBuilder()
                    .setFirstPosition(chunk.first())
                    .addAllLayers(RoutingRecords.part(routing, 0, positions));
            output.promptRouting(chunk.session(), chunk.entry(), told.build());
        }
    }

    private void score(Chunk chunk, FloatMatrix states) {
        if (chunk.emits()) {
            PromptScores scores = scores(chunk, states);
            if (scores.getScoresCount() > 0) {
                output.promptScores(chunk.session(), chunk.entry(), scores);
            }
        }
        boolean more = chunk.end() < chunk.turn().promptLength();
        chunk.session().text().keepState(more ? StageOutput.bytesOf(states.row(chunk.rows() - 1)) : ByteString.EMPTY);
    }

    private PromptScores scores(Chunk chunk, FloatMatrix states) {
        int first = Math.max(1, chunk.first());
        int end = Math.min(chunk.end(), chunk.turn().promptLength());
        PromptScores.Builder scores = PromptScores.newBuilder().setFirstPosition(first);
        if (chunk.first() > 0) {
            restore(chunk.session().text().keptState());
            addScores(scores, chunk, first, preceding);
            first++;
        }
        for (int position = first; position < end; position += OutputHead.MAXIMAL_ROWS) {
            int rows = Math.min(OutputHead.MAXIMAL_ROWS, end - position);
            addScores(scores, chunk, position, states.rows(position - 1 - chunk.first(), rows));
        }
        return scores.build();
    }

    private void restore(ByteString state) {
        MemorySegment.copy(MemorySegment.ofBuffer(state.asReadOnlyByteBuffer()), 0, preceding.data(), 0, state.size());
    }

    /** Adds the scores of tokens from a position on, by the hidden states [tokens, width] in front of each. */
    private void addScores(PromptScores.Builder scores, Chunk chunk, int position, FloatMatrix before) {
        FloatMatrix logits = stage.outputHead().logits(before);
        for (int row = 0; row < before.rows(); row++) {
            int token = chunk.tokenIds().get(position + row - chunk.first());
            scores.addScores(
                    score(logits.row(row), token, chunk.turn().sampling().topLogprobs()));
        }
    }

    private TokenScore score(MemorySegment logits, int token, int topLogprobs) {
        io.tributary.models.sampling.TokenScore score = scorer.score(logits, token, topLogprobs);
        TokenScore.Builder builder = TokenScore.newBuilder().setTokenId(token).setLogprob(score.logprob());
        for (TokenLogprob likely : score.likeliest()) {
            builder.addTopLogprobs(StageOutput.logprobOf(likely));
        }
        return builder.build();
    }

    private void embed(Chunk chunk, FloatMatrix states) {
        int row = chunk.turn().promptLength() - 1 - chunk.first();
        FloatMatrix embedding = stage.outputHead().normalized(states.rows(row, 1));
        output.promptEmbedding(
                chunk.session(),
                chunk.entry(),
                PromptEmbedding.newBuilder()
                        .setEmbedding(StageOutput.bytesOf(embedding.data()))
                        .build());
    }
}
