package io.tributary.decoder;

import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import io.tributary.log.ActivationLog;
import io.tributary.log.LogWriter;
import io.tributary.log.Topics;
import io.tributary.models.StageRange;
import io.tributary.proto.log.v1.Activation;
import io.tributary.proto.log.v1.CloseReason;
import io.tributary.proto.log.v1.CloseSession;
import io.tributary.proto.log.v1.LaneRecord;
import io.tributary.proto.log.v1.SampledToken;
import io.tributary.proto.log.v1.SessionFailure;
import io.tributary.proto.log.v1.TokenRecord;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * What a shard appends to the log: records for the next stage, for stage 0 (the ring), and for the gateways. An append
 * that fails is remembered, so that the shard's thread can end its session.
 */
final class StageOutput {
    /** A session whose record did not reach the log, and why. */
    record FailedAppend(String sessionId, Throwable cause) {}

    private final LogWriter<LaneRecord> stage0;
    private final @Nullable LogWriter<LaneRecord> nextStage;
    private final LogWriter<TokenRecord> tokens;
    private final Queue<FailedAppend> failed = new ConcurrentLinkedQueue<>();

    StageOutput(ActivationLog log, String model, StageRange range) {
        this.stage0 = log.writer(Topics.stage(model, 0));
        this.nextStage = range.last() ? null : log.writer(Topics.stage(model, range.index() + 1));
        this.tokens = log.writer(Topics.tokens(model));
    }

    /** Appends that failed since the last call; empties the list. */
    @Nullable
    FailedAppend nextFailedAppend() {
        return failed.poll();
    }

    /** Passes an opening or closing record on; the last stage has nobody to pass it to. */
    void passOn(LaneRecord laneRecord, int lane, Map<String, String> headers) {
        if (nextStage != null) {
            append(nextStage, lane, laneRecord, laneRecord.getSessionId(), headers);
        }
    }

    /** Hands hidden states to the next stage. */
    void activation(ShardSession session, Activation activation) {
        LogWriter<LaneRecord> next = nextStage;
        if (next == null) {
            throw new IllegalStateException("the last stage has no stage to hand activations to");
        }
        append(next, session, LaneRecord.newBuilder().setActivation(activation));
    }

    /** Feeds a sampled token back to stage 0. */
    void feedBack(ShardSession session, int position, int tokenId) {
        Activation activation = Activation.newBuilder()
                .setFirstPosition(position)
                .addTokenIds(tokenId)
                .build();
        append(stage0, session, LaneRecord.newBuilder().setActivation(activation));
    }

    /** Sends the end of a session round the ring, so that every stage frees it. */
    void close(String sessionId, int lane, CloseReason reason, Map<String, String> headers) {
        LaneRecord closing = LaneRecord.newBuilder()
                .setSessionId(sessionId)
                .setClose(CloseSession.newBuilder().setReason(reason))
                .build();
        append(stage0, lane, closing, sessionId, headers);
    }

    /** Tells the gateways of a token. */
    void token(ShardSession session, SampledToken token) {
        TokenRecord tokenRecord = TokenRecord.newBuilder()
                .setSessionId(session.id())
                .setToken(token)
                .build();
        append(tokens, session.lane(), tokenRecord, session.id(), session.headers());
    }

    /** Tells the gateways that a session failed, and every stage to free it. */
    void failure(String sessionId, int lane, Code code, String message, Map<String, String> headers) {
        TokenRecord tokenRecord = TokenRecord.newBuilder()
                .setSessionId(sessionId)
                .setFailure(
                        SessionFailure.newBuilder().setCode(code.getNumber()).setMessage(message))
                .build();
        append(tokens, lane, tokenRecord, sessionId, headers);
        close(sessionId, lane, CloseReason.CLOSE_REASON_FAILED, headers);
    }

    private void append(LogWriter<LaneRecord> writer, ShardSession session, LaneRecord.Builder laneRecord) {
        append(writer, session.lane(), laneRecord.setSessionId(session.id()).build(), session.id(), session.headers());
    }

    private <T extends com.google.protobuf.Message> void append(
            LogWriter<T> writer, int lane, T message, String sessionId, Map<String, String> headers) {
        CompletionStage<Long> appended = writer.append(lane, message, sessionId, headers);
        appended.whenComplete((offset, failure) -> {
            if (failure != null) {
                failed.add(new FailedAppend(sessionId, failure));
            }
        });
    }

    /** The bytes of float32 values, little endian. */
    static ByteString bytesOf(java.lang.foreign.MemorySegment floats) {
        return ByteString.copyFrom(floats.asByteBuffer());
    }
}
