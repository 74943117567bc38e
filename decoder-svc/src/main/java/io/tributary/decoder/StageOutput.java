package io.tributary.decoder;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.rpc.Code;
import io.tributary.log.ActivationLog;
import io.tributary.log.LogWriter;
import io.tributary.log.Topics;
import io.tributary.models.StageRange;
import io.tributary.proto.log.v1.Activation;
import io.tributary.proto.log.v1.CloseReason;
import io.tributary.proto.log.v1.CloseSession;
import io.tributary.proto.log.v1.LaneRecord;
import io.tributary.proto.log.v1.LaneStatus;
import io.tributary.proto.log.v1.OwnershipTaken;
import io.tributary.proto.log.v1.PromptEmbedding;
import io.tributary.proto.log.v1.PromptRouting;
import io.tributary.proto.log.v1.PromptScores;
import io.tributary.proto.log.v1.SampledToken;
import io.tributary.proto.log.v1.SessionFailure;
import io.tributary.proto.log.v1.TokenLogprob;
import io.tributary.proto.log.v1.TokenRecord;
import io.tributary.proto.log.v1.Writer;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * What a shard appends to the log: records for the next stage of the ring (stage 0 follows the last one), and for the
 * gateways. Every append belongs to an entry of a lane's ledger, which learns how it went.
 */
final class StageOutput {
    /** Appends beyond so many bytes under way make the shard wait: the log does not take them. */
    private static final long MOST_BYTES_UNDER_WAY = 32L << 20;

    private final int stage;
    private final boolean last;
    private final LogWriter<LaneRecord> first;
    private final LogWriter<LaneRecord> next;
    private final LogWriter<TokenRecord> tokens;
    private final AtomicLong bytesUnderWay = new AtomicLong();

    StageOutput(ActivationLog log, String model, StageRange range) {
        this.stage = range.index();
        this.last = range.last();
        this.first = log.writer(Topics.stage(model, 0));
        this.next = range.last() ? first : log.writer(Topics.stage(model, range.index() + 1));
        this.tokens = log.writer(Topics.tokens(model));
    }

    /** Whether the log is behind, so that nothing more should be computed for now. */
    boolean congested() {
        return bytesUnderWay.get() > MOST_BYTES_UNDER_WAY;
    }

    /** Tells the readers of a lane that its earlier owners are void. */
    void ownershipTaken(OwnedLane lane, LaneLedger.Entry entry) {
        LaneRecord taken = LaneRecord.newBuilder()
                .setOwnershipTaken(OwnershipTaken.getDefaultInstance())
                .setWriter(writer(lane))
                .build();
        append(next, lane, entry, taken, "", Map.of());
        if (!last) {
            append(first, lane, entry, taken, "", Map.of());
        }
    }

    /**
     * Tells the gateways how the owner of a lane stands. One that is lost is made up for by the next.
     *
     * @param taken told the offset in the tokens topic once the log holds it
     */
    void status(OwnedLane lane, LaneStatus status, LongConsumer taken) {
        TokenRecord tokenRecord = TokenRecord.newBuilder()
                .setLaneStatus(status)
                .setWriter(writer(lane))
                .build();
        tokens.append(lane.lane(), tokenRecord, "", Map.of()).whenComplete((offset, failure) -> {
            if (failure == null) {
                taken.accept(offset);
            }
        });
    }

    /** Passes the beginning of a session or of a turn on; the last stage has nobody to pass it to. */
    void passOn(ShardSession session, LaneLedger.Entry entry, LaneRecord laneRecord) {
        if (!last) {
            append(session.lane(), entry, laneRecord.toBuilder(), session.headers());
        }
    }

    /** Passes a closing on; the last stage tells the gateways of one that they do not expect. */
    void closing(OwnedLane lane, LaneLedger.Entry entry, LaneRecord closing, Map<String, String> headers) {
        if (last) {
            tell(lane, entry, closing, headers);
        } else {
            append(lane, entry, closing.toBuilder(), headers);
        }
    }

    private void tell(OwnedLane lane, LaneLedger.Entry entry, LaneRecord closing, Map<String, String> headers) {
        CloseSession close = closing.getClose();
        SessionFailure.Builder failure = SessionFailure.newBuilder();
        switch (close.getReason()) {
            case CLOSE_REASON_FAILED -> failure.setCode(close.getCode()).setMessage(close.getMessage());
            case CLOSE_REASON_CANCELLED ->
                failure.setCode(Code.CANCELLED.getNumber()).setMessage("the session was cancelled");
            default -> {
                return;
            }
        }
        append(
                lane,
                entry,
                TokenRecord.newBuilder().setSessionId(closing.getSessionId()).setFailure(failure),
                headers);
    }

    /** Hands hidden states to the next stage. */
    void activation(ShardSession session, LaneLedger.Entry entry, Activation.Builder activation) {
        append(session, entry, LaneRecord.newBuilder().setActivation(activation));
    }

    /** Feeds a sampled token back to stage 0. */
    void feedBack(ShardSession session, LaneLedger.Entry entry, int position, int tokenId) {
        Activation.Builder activation =
                Activation.newBuilder().setFirstPosition(position).addTokenIds(tokenId);
        append(session, entry, LaneRecord.newBuilder().setActivation(activation));
    }

    /** Tells every stage to free a session whose last token has been sampled. */
    void finished(ShardSession session, LaneLedger.Entry entry) {
        CloseSession close = CloseSession.newBuilder()
                .setReason(CloseReason.CLOSE_REASON_FINISHED)
                .build();
        close(session.lane(), entry, session.id(), session.headers(), close);
    }

    /** Tells the gateways of a token. */
    void token(ShardSession session, LaneLedger.Entry entry, SampledToken token) {
        TokenRecord.Builder tokenRecord =
                TokenRecord.newBuilder().setSessionId(session.id()).setToken(token);
        append(session.lane(), entry, tokenRecord, session.headers());
    }

    /** Tells the gateways how likely tokens of a prompt were. */
    void promptScores(ShardSession session, LaneLedger.Entry entry, PromptScores scores) {
        TokenRecord.Builder tokenRecord =
                TokenRecord.newBuilder().setSessionId(session.id()).setPromptScores(scores);
        append(session.lane(), entry, tokenRecord, session.headers());
    }

    /** Tells the gateways what the model made of a prompt. */
    void promptEmbedding(ShardSession session, LaneLedger.Entry entry, PromptEmbedding embedding) {
        TokenRecord.Builder tokenRecord =
                TokenRecord.newBuilder().setSessionId(session.id()).setPromptEmbedding(embedding);
        append(session.lane(), entry, tokenRecord, session.headers());
    }

    /** Tells the gateways which experts were chosen for positions of a prompt. */
    void promptRouting(ShardSession session, LaneLedger.Entry entry, PromptRouting routing) {
        TokenRecord.Builder tokenRecord =
                TokenRecord.newBuilder().setSessionId(session.id()).setPromptRouting(routing);
        append(session.lane(), entry, tokenRecord, session.headers());
    }

    /** Tells every stage to free a session that cannot go on, and through the last one the gateways. */
    void failure(
            OwnedLane lane,
            LaneLedger.Entry entry,
            String sessionId,
            Map<String, String> headers,
            Code code,
            String message) {
        CloseSession close = CloseSession.newBuilder()
                .setReason(CloseReason.CLOSE_REASON_FAILED)
                .setCode(code.getNumber())
                .setMessage(message)
                .build();
        close(lane, entry, sessionId, headers, close);
    }

    private void close(
            OwnedLane lane, LaneLedger.Entry entry, String sessionId, Map<String, String> headers, CloseSession close) {
        LaneRecord closing = LaneRecord.newBuilder()
                .setSessionId(sessionId)
                .setClose(close)
                .setWriter(writer(lane))
                .build();
        append(first, lane, entry, closing, sessionId, headers);
    }

    private void append(ShardSession session, LaneLedger.Entry entry, LaneRecord.Builder laneRecord) {
        append(session.lane(), entry, laneRecord.setSessionId(session.id()), session.headers());
    }

    private void append(
            OwnedLane lane, LaneLedger.Entry entry, LaneRecord.Builder laneRecord, Map<String, String> headers) {
        LaneRecord complete = laneRecord.setWriter(writer(lane)).build();
        append(next, lane, entry, complete, complete.getSessionId(), headers);
    }

    private void append(
            OwnedLane lane, LaneLedger.Entry entry, TokenRecord.Builder tokenRecord, Map<String, String> headers) {
        TokenRecord complete = tokenRecord.setWriter(writer(lane)).build();
        append(tokens, lane, entry, complete, complete.getSessionId(), headers);
    }

    private Writer writer(OwnedLane lane) {
        return Writer.newBuilder().setStage(stage).setEpoch(lane.epoch()).build();
    }

    private <T extends Message> void append(
            LogWriter<T> writer,
            OwnedLane lane,
            LaneLedger.Entry entry,
            T message,
            String key,
            Map<String, String> headers) {
        int bytes = message.getSerializedSize();
        bytesUnderWay.addAndGet(bytes);
        entry.appending();
        writer.append(lane.lane(), message, key, headers).whenComplete((offset, failure) -> {
            bytesUnderWay.addAndGet(-bytes);
            entry.appended(failure);
        });
    }

    /** A token's log-probability as records have it. */
    static TokenLogprob logprobOf(io.tributary.models.sampling.TokenLogprob token) {
        return TokenLogprob.newBuilder()
                .setTokenId(token.id())
                .setLogprob(token.logprob())
                .build();
    }

    /** The bytes of float32 values, little endian. */
    static ByteString bytesOf(java.lang.foreign.MemorySegment floats) {
        return ByteString.copyFrom(floats.asByteBuffer());
    }
}
