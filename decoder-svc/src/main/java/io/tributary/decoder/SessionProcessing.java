package io.tributary.decoder;

import com.google.rpc.Code;
import io.tributary.decoder.StageBatch.Chunk;
import io.tributary.decoder.StageOutput.FailedAppend;
import io.tributary.log.LogRecord;
import io.tributary.models.DecoderStage;
import io.tributary.models.KeyValueExhaustedException;
import io.tributary.models.SequenceException;
import io.tributary.models.TokenIdException;
import io.tributary.models.sampling.InvalidLogitsException;
import io.tributary.models.sampling.NoTokenLeftException;
import io.tributary.proto.log.v1.Activation;
import io.tributary.proto.log.v1.LaneRecord;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What a shard does with the records of its lanes. Used by the shard's thread. */
final class SessionProcessing implements StageBatch.Results {
    private static final Logger LOG = Logger.getLogger(SessionProcessing.class);

    private final StageModel model;
    private final ShardSessions sessions;
    private final StageOutput output;
    private final StageBatch batch;
    private final TokenSampling sampling;
    private final int maximalRows;
    private volatile boolean acceptsSessions = true;

    SessionProcessing(DecoderStage stage, StageModel model, ShardSessions sessions, StageOutput output) {
        this.model = model;
        this.sessions = sessions;
        this.output = output;
        this.batch = new StageBatch(stage, model);
        this.sampling = new TokenSampling(model, output);
        this.maximalRows = stage.maximalRows();
    }

    boolean acceptsSessions() {
        return acceptsSessions;
    }

    void refuseNewSessions() {
        acceptsSessions = false;
    }

    /** Applies records in order; when this returns, everything that came of them has been handed to the log. */
    void process(List<LogRecord<LaneRecord>> records) {
        for (LogRecord<LaneRecord> laneRecord : records) {
            switch (laneRecord.value().getKindCase()) {
                case OPEN -> open(laneRecord);
                case ACTIVATION -> activation(laneRecord.value());
                case CLOSE -> close(laneRecord);
                case KIND_NOT_SET ->
                    LOG.warnf(
                            "an empty record at offset %d of lane %d was skipped",
                            laneRecord.offset(), laneRecord.lane());
            }
        }
        batch.run(this);
        endSessionsOfFailedAppends();
    }

    /** Frees a session that nobody continues. */
    void expire(ShardSession session) {
        LOG.infof("session %s got no record in time and is freed", session.id());
        fail(session, Code.DEADLINE_EXCEEDED, "the session got no input in time");
    }

    /** Ends all sessions of this shard with an internal error. */
    void failAll(String message) {
        batch.clear();
        sessions.all().forEach(session -> fail(session, Code.INTERNAL, message));
    }

    private void open(LogRecord<LaneRecord> opened) {
        LaneRecord value = opened.value();
        try {
            if (!acceptsSessions) {
                throw new SessionRefusedException(Code.UNAVAILABLE, "the shard is being drained; try again");
            }
            if (sessions.open(opened) != null) {
                output.passOn(value, opened.lane(), opened.headers());
            }
        } catch (SessionRefusedException refused) {
            output.failure(value.getSessionId(), opened.lane(), refused.code(), refused.problem(), opened.headers());
        }
    }

    private void activation(LaneRecord laneRecord) {
        ShardSession session = sessions.find(laneRecord.getSessionId());
        Activation activation = laneRecord.getActivation();
        if (session == null || session.finished()) {
            return;
        }
        int skipped = session.nextPosition() - activation.getFirstPosition();
        if (skipped >= activation.getTokenIdsCount()) {
            return;
        }
        String problem = problemOf(session, activation);
        if (problem != null) {
            fail(session, Code.INTERNAL, problem);
            return;
        }
        if (!batch.fits(activation.getTokenIdsCount() - skipped)) {
            batch.run(this);
            if (session.finished() || sessions.find(session.id()) != session) {
                return;
            }
        }
        batch.add(session, activation, skipped);
        session.advanceTo(activation.getFirstPosition() + activation.getTokenIdsCount(), System.nanoTime());
    }

    private @Nullable String problemOf(ShardSession session, Activation activation) {
        int count = activation.getTokenIdsCount();
        if (activation.getFirstPosition() < 0 || activation.getFirstPosition() > session.nextPosition()) {
            return "positions %d to %s of session %s are missing from the log of stage %d"
                    .formatted(
                            session.nextPosition(),
                            Integer.toUnsignedString(activation.getFirstPosition() - 1),
                            session.id(),
                            model.range().index());
        }
        if (count > maximalRows) {
            return "a record has %d positions; stage %d takes at most %d at once"
                    .formatted(count, model.range().index(), maximalRows);
        }
        long expected =
                model.range().first() ? 0 : (long) count * model.architecture().width() * Float.BYTES;
        int hidden = activation.getHiddenStates().size();
        return hidden == expected
                ? null
                : "a record of %d positions has %d bytes of hidden states; stage %d expects %d"
                        .formatted(count, hidden, model.range().index(), expected);
    }

    private void close(LogRecord<LaneRecord> closed) {
        ShardSession session = sessions.find(closed.value().getSessionId());
        if (session != null) {
            if (batch.holds(session)) {
                batch.run(this);
            }
            if (sessions.find(session.id()) == session) {
                sessions.free(session);
            }
        }
        output.passOn(closed.value(), closed.lane(), closed.headers());
    }

    private void endSessionsOfFailedAppends() {
        for (FailedAppend failed = output.nextFailedAppend(); failed != null; failed = output.nextFailedAppend()) {
            LOG.warnf("a record of session %s did not reach the log: %s", failed.sessionId(), failed.cause());
            ShardSession session = sessions.find(failed.sessionId());
            if (session != null) {
                fail(session, Code.UNAVAILABLE, "the activation log did not take a record of the session");
            }
        }
    }

    private void fail(ShardSession session, Code code, String message) {
        sessions.free(session);
        session.finish();
        Map<String, String> headers = session.headers();
        output.failure(session.id(), session.lane(), code, message, headers);
    }

    @Override
    public void hidden(Chunk chunk, MemorySegment states) {
        output.activation(
                chunk.session(),
                Activation.newBuilder()
                        .setFirstPosition(chunk.first())
                        .addAllTokenIds(chunk.tokenIds())
                        .setHiddenStates(StageOutput.bytesOf(states))
                        .build());
    }

    @Override
    public void logits(Chunk chunk, MemorySegment logits) {
        ShardSession session = chunk.session();
        if (session.finished()) {
            return;
        }
        try {
            sampling.sample(chunk, logits);
        } catch (InvalidLogitsException invalid) {
            fail(session, Code.INTERNAL, String.valueOf(invalid.getMessage()));
        } catch (NoTokenLeftException exhausted) {
            fail(session, Code.FAILED_PRECONDITION, String.valueOf(exhausted.getMessage()));
        }
    }

    @Override
    public void failed(ShardSession session, SequenceException reason) {
        Code code =
                switch (reason) {
                    case KeyValueExhaustedException _ -> Code.RESOURCE_EXHAUSTED;
                    case TokenIdException _ -> Code.INVALID_ARGUMENT;
                    default -> Code.INTERNAL;
                };
        fail(session, code, "stage %d: %s".formatted(model.range().index(), reason.getMessage()));
    }
}
