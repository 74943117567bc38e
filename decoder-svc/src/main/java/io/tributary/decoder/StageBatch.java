package io.tributary.decoder;

import com.google.protobuf.ByteString;
import io.tributary.models.Batch;
import io.tributary.models.DecoderStage;
import io.tributary.models.LogitsRows;
import io.tributary.models.SequenceException;
import io.tributary.models.SequenceState;
import io.tributary.proto.log.v1.Activation;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * The activations that a shard computes at once, of any sessions: what a poll returns is one batch. Used by the shard's
 * thread.
 */
final class StageBatch {
    /**
     * Positions of a session in the batch.
     *
     * @param first the first position
     * @param tokenIds one a position
     * @param samples whether a token is to be sampled behind the last position
     */
    record Chunk(ShardSession session, int first, List<Integer> tokenIds, boolean samples) {
        int rows() {
            return tokenIds.size();
        }

        int end() {
            return first + rows();
        }
    }

    /** Told what came of each chunk, in the order of the batch. */
    interface Results {
        /** The hidden states [rows, width] behind this stage, for the next one. */
        void hidden(Chunk chunk, MemorySegment states);

        /** The logits [vocabulary] behind the last position of a chunk that samples; only the last stage has any. */
        void logits(Chunk chunk, MemorySegment logits);

        /** The session of these chunks cannot go on. */
        void failed(ShardSession session, SequenceException reason);
    }

    private final DecoderStage stage;
    private final StageModel model;
    private final Batch batch;
    private final List<Chunk> chunks = new ArrayList<>();

    StageBatch(DecoderStage stage, StageModel model) {
        this.stage = stage;
        this.model = model;
        this.batch = new Batch(stage.maximalRows());
    }

    boolean fits(int rows) {
        return batch.fits(rows);
    }

    boolean holds(ShardSession session) {
        return chunks.stream().anyMatch(chunk -> chunk.session() == session);
    }

    /** Adds an activation from its row {@code skipped} on; the rows before it are duplicates. */
    void add(ShardSession session, Activation activation, int skipped) {
        List<Integer> ids = activation.getTokenIdsList();
        List<Integer> kept = ids.subList(skipped, ids.size());
        int first = activation.getFirstPosition() + skipped;
        boolean samples = model.range().last() && first + kept.size() >= session.promptLength();
        LogitsRows wanted = samples ? LogitsRows.LAST : LogitsRows.NONE;
        if (model.range().first()) {
            batch.add(
                    session.state(),
                    first,
                    kept.stream().mapToInt(Integer::intValue).toArray(),
                    wanted);
        } else {
            batch.add(session.state(), first, rowsFrom(activation.getHiddenStates(), skipped), kept.size(), wanted);
        }
        chunks.add(new Chunk(session, first, kept, samples));
    }

    private MemorySegment rowsFrom(ByteString hidden, int skipped) {
        MemorySegment all = MemorySegment.ofBuffer(hidden.asReadOnlyByteBuffer());
        return all.asSlice((long) skipped * model.architecture().width() * Float.BYTES);
    }

    /** Computes everything added so far and empties the batch; sessions that cannot go on leave the others alone. */
    void run(Results results) {
        while (!chunks.isEmpty() && !forward(results)) {
            // Each round without a result has taken one session out, so the rounds are bounded.
        }
        for (int index = 0; index < chunks.size(); index++) {
            report(index, results);
        }
        clear();
    }

    /** Forgets everything added so far. */
    void clear() {
        chunks.clear();
        batch.clear();
    }

    private boolean forward(Results results) {
        try {
            stage.forward(batch);
            return true;
        } catch (SequenceException reason) {
            remove(reason.sequence(), results, reason);
            return false;
        }
    }

    private void remove(SequenceState sequence, Results results, SequenceException reason) {
        batch.remove(sequence);
        ShardSession session = chunks.stream()
                .map(Chunk::session)
                .filter(candidate -> candidate.state() == sequence)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("a sequence failed that is not in the batch", reason));
        chunks.removeIf(chunk -> chunk.session() == session);
        results.failed(session, reason);
    }

    private void report(int index, Results results) {
        Chunk chunk = chunks.get(index);
        if (!model.range().last()) {
            results.hidden(
                    chunk,
                    stage.hidden().rows(batch.firstRow(index), chunk.rows()).data());
            return;
        }
        chunk.session().remember(chunk.first(), chunk.tokenIds());
        if (chunk.samples()) {
            results.logits(chunk, stage.logits().row(batch.firstLogitsRow(index)));
        }
    }
}
