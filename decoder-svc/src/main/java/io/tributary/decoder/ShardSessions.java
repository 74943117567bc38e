package io.tributary.decoder;

import com.google.rpc.Code;
import io.tributary.log.LogRecord;
import io.tributary.models.DecoderStage;
import io.tributary.models.sampling.SamplingParameters;
import io.tributary.proto.log.v1.LaneRecord;
import io.tributary.proto.log.v1.OpenSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The sessions with state on this shard. Used by the shard's thread; the count may be read by others. */
final class ShardSessions {
    private final DecoderStage stage;
    private final StageModel model;
    private final int maximum;
    private final Map<String, ShardSession> byId = new LinkedHashMap<>();
    private volatile int count;

    ShardSessions(DecoderStage stage, StageModel model, int maximum) {
        this.stage = stage;
        this.model = model;
        this.maximum = maximum;
    }

    /** Number of sessions with state. */
    int count() {
        return count;
    }

    @Nullable
    ShardSession find(String id) {
        return byId.get(id);
    }

    /**
     * Opens the session of an opening record.
     *
     * @return the session, or null if it is open already: a duplicate
     * @throws SessionRefusedException if this shard cannot serve it
     */
    @Nullable
    ShardSession open(LogRecord<LaneRecord> opened) throws SessionRefusedException {
        if (byId.containsKey(opened.value().getSessionId())) {
            return null;
        }
        OpenSession opening = opened.value().getOpen();
        check(opening);
        SamplingParameters sampling = ShardSession.samplingOf(opening);
        int end = opening.getPromptLength() + opening.getMaxTokens();
        ShardSession session = new ShardSession(opened, stage.open(end), sampling, System.nanoTime());
        byId.put(session.id(), session);
        count = byId.size();
        return session;
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
        if (byId.size() >= maximum) {
            throw new SessionRefusedException(
                    Code.RESOURCE_EXHAUSTED,
                    "stage %d has %d sessions, as many as it takes"
                            .formatted(model.range().index(), maximum));
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
        session.state().close();
    }

    /** Frees the sessions of these lanes. */
    void freeLanes(Set<Integer> lanes) {
        for (ShardSession session : all()) {
            if (lanes.contains(session.lane())) {
                free(session);
            }
        }
    }

    /** The sessions that have got no record for so long. */
    List<ShardSession> idle(Duration time) {
        long now = System.nanoTime();
        List<ShardSession> idle = new ArrayList<>();
        for (ShardSession session : byId.values()) {
            if (now - session.lastRecordNanos() > time.toNanos()) {
                idle.add(session);
            }
        }
        return idle;
    }

    /** The oldest opening that a session of the lane still needs, or else the given offset. */
    long lowWater(int lane, long otherwise) {
        long lowest = otherwise;
        for (ShardSession session : byId.values()) {
            if (session.lane() == lane) {
                lowest = Math.min(lowest, session.openingOffset());
            }
        }
        return lowest;
    }
}
