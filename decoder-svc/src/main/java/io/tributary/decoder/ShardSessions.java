package io.tributary.decoder;

import com.google.rpc.Code;
import io.tributary.kernels.KeyValueLayout;
import io.tributary.log.LogRecord;
import io.tributary.models.DecoderStage;
import io.tributary.models.sampling.SamplingParameters;
import io.tributary.proto.log.v1.LaneRecord;
import io.tributary.proto.log.v1.OpenSession;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The sessions with state on this shard. Used by the shard's thread; the count may be read by others. */
final class ShardSessions {
    private final DecoderStage stage;
    private final StageModel model;
    private final int maximum;
    private final Map<String, ShardSession> byId = new LinkedHashMap<>();
    private volatile int count;
    private long promisedPages;

    ShardSessions(DecoderStage stage, StageModel model, int maximum) {
        this.stage = stage;
        this.model = model;
        this.maximum = maximum;
    }

    /** Number of sessions with state. */
    int count() {
        return count;
    }

    /** Sessions that there is room for. */
    int freeSessions() {
        return Math.max(0, maximum - count);
    }

    /** Positions of new sessions that there is room for: every session has been promised all that it may ever need. */
    long freePositions() {
        long free = stage.keyValueUse().totalPages() - promisedPages;
        return Math.max(0, free) * KeyValueLayout.PAGE_POSITIONS;
    }

    @Nullable
    ShardSession find(String id) {
        return byId.get(id);
    }

    /**
     * Opens the session of an opening record, which is not open yet.
     *
     * @param opening the point before the record
     * @param admitted whether it was admitted before: then it finds room, however full the shard is
     * @throws SessionRefusedException if this shard cannot serve it
     */
    ShardSession open(LogRecord<LaneRecord> opened, OwnedLane lane, LaneMark opening, boolean admitted)
            throws SessionRefusedException {
        OpenSession request = opened.value().getOpen();
        check(request);
        int end = request.getPromptLength() + request.getMaxTokens();
        if (!admitted) {
            checkRoom(end);
        }
        SamplingParameters sampling = ShardSession.samplingOf(request);
        ShardSession session = new ShardSession(opened, lane, opening, stage.open(end), sampling, System.nanoTime());
        byId.put(session.id(), session);
        lane.opened(session);
        count = byId.size();
        promisedPages += pages(session);
        return session;
    }

    private static long pages(ShardSession session) {
        return pages(session.endPosition());
    }

    private static long pages(int positions) {
        return Math.ceilDiv(positions, KeyValueLayout.PAGE_POSITIONS);
    }

    private void check(OpenSession opening) throws SessionRefusedException {
        if (!opening.getModelFingerprint().equals(model.fingerprint())) {
            throw new SessionRefusedException(
                    Code.FAILED_PRECONDITION,
                    "the session is for the checkpoint %s; stage %d of %s serves %s"
                            .formatted(
                                    opening.getModelFingerprint(),
                                    model.range().index(),
                                    model.name(),
                                    model.fingerprint()));
        }
        long positions =
                Integer.toUnsignedLong(opening.getPromptLength()) + Integer.toUnsignedLong(opening.getMaxTokens());
        if (opening.getPromptLength() == 0
                || opening.getMaxTokens() == 0
                || positions > model.architecture().contextLength()) {
            throw new SessionRefusedException(
                    Code.RESOURCE_EXHAUSTED,
                    "a prompt of %s and at most %s tokens; each needs at least 1, together at most %d"
                            .formatted(
                                    Integer.toUnsignedString(opening.getPromptLength()),
                                    Integer.toUnsignedString(opening.getMaxTokens()),
                                    model.architecture().contextLength()));
        }
    }

    private void checkRoom(int positions) throws SessionRefusedException {
        if (byId.size() >= maximum) {
            throw new SessionRefusedException(
                    Code.RESOURCE_EXHAUSTED,
                    "stage %d has %d sessions, as many as it takes"
                            .formatted(model.range().index(), maximum));
        }
        if (positions > freePositions()) {
            throw new SessionRefusedException(
                    Code.RESOURCE_EXHAUSTED,
                    "stage %d has keys and values for %d more positions; a prompt and its tokens need %d"
                            .formatted(model.range().index(), freePositions(), positions));
        }
    }

    /** All sessions, in the order in which they were opened. */
    List<ShardSession> all() {
        return List.copyOf(byId.values());
    }

    /** Frees a session's state. */
    void free(ShardSession session) {
        byId.remove(session.id());
        count = byId.size();
        promisedPages -= pages(session);
        session.dropWork();
        session.state().close();
    }
}
