package io.tributary.gateway;

import io.grpc.StatusRuntimeException;
import io.smallrye.mutiny.subscription.MultiEmitter;
import io.tributary.edge.GrpcErrors;
import io.tributary.proto.log.v1.FinishReason;
import io.tributary.proto.log.v1.SampledToken;

/**
 * A session of this gateway between its opening and its last token. The reader of the tokens topic feeds it; the
 * client's stream drains it.
 */
final class LiveSession {
    private final String id;
    private final int lane;
    private final MultiEmitter<? super SampledToken> tokens;
    private int nextPosition;
    private volatile boolean ended;

    LiveSession(String id, int lane, int promptLength, MultiEmitter<? super SampledToken> tokens) {
        this.id = id;
        this.lane = lane;
        this.nextPosition = promptLength;
        this.tokens = tokens;
    }

    String id() {
        return id;
    }

    int lane() {
        return lane;
    }

    /** Whether the last stage has ended the session, so that nothing of it is left on the shards. */
    boolean ended() {
        return ended;
    }

    /** Takes a token of the log; one that was there before is dropped by its position. */
    void accept(SampledToken token) {
        if (token.getPosition() < nextPosition) {
            return;
        }
        if (token.getPosition() > nextPosition) {
            fail(GrpcErrors.unavailable("tokens %d to %d of session %s are missing from the log"
                    .formatted(nextPosition, token.getPosition() - 1, id)));
            return;
        }
        nextPosition++;
        ended = token.getFinishReason() != FinishReason.FINISH_REASON_UNSPECIFIED;
        tokens.emit(token);
        if (ended) {
            tokens.complete();
        }
    }

    /** Ends the stream with an error that a stage reported. */
    void failedByStage(StatusRuntimeException error) {
        ended = true;
        tokens.fail(error);
    }

    /** Ends the stream with an error of the gateway's own. */
    void fail(Throwable error) {
        tokens.fail(error);
    }

    /** Ends the stream before the model would. */
    void complete() {
        tokens.complete();
    }
}
