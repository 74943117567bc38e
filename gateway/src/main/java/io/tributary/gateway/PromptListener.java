package io.tributary.gateway;

import io.grpc.StatusRuntimeException;
import io.smallrye.mutiny.subscription.MultiEmitter;
import io.tributary.proto.log.v1.PromptEmbedding;
import io.tributary.proto.log.v1.PromptScores;
import io.tributary.proto.log.v1.SampledToken;
import io.tributary.proto.log.v1.TokenRecord;

/** Hands what the last stage says of a session's prompt to a stream. */
final class PromptListener implements SessionListener {
    private final String id;
    private final MultiEmitter<? super TokenRecord> records;
    private volatile boolean closed;

    PromptListener(String id, MultiEmitter<? super TokenRecord> records) {
        this.id = id;
        this.records = records;
    }

    @Override
    public String id() {
        return id;
    }

    /** Whether the session has ended, so that nothing of it is left on the shards. */
    boolean closed() {
        return closed;
    }

    /** The one token of the session comes behind all that is said of the prompt. */
    @Override
    public void token(SampledToken token) {
        closed = true;
        records.complete();
    }

    @Override
    public void scores(PromptScores scores) {
        records.emit(TokenRecord.newBuilder().setPromptScores(scores).build());
    }

    @Override
    public void embedding(PromptEmbedding embedding) {
        records.emit(TokenRecord.newBuilder().setPromptEmbedding(embedding).build());
    }

    @Override
    public void failedByStage(StatusRuntimeException error) {
        closed = true;
        records.fail(error);
    }

    @Override
    public void abandon(Throwable error) {
        records.fail(error);
    }
}
