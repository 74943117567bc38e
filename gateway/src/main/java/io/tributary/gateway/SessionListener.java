package io.tributary.gateway;

import io.grpc.StatusRuntimeException;
import io.tributary.proto.log.v1.PromptEmbedding;
import io.tributary.proto.log.v1.PromptRouting;
import io.tributary.proto.log.v1.PromptScores;
import io.tributary.proto.log.v1.SampledToken;

/** Gets the records of one session from the tokens topic. Thread-safe. */
interface SessionListener {
    /** The session. */
    String id();

    /** A token; some may come twice, or early. */
    default void token(SampledToken token) {}

    /** How likely tokens of the prompt are; some may come twice. */
    default void scores(PromptScores scores) {}

    /** What the model makes of the prompt. */
    default void embedding(PromptEmbedding embedding) {}

    /** Which experts were chosen for positions of the prompt; some may come twice, or early. */
    default void routing(PromptRouting routing) {}

    /** A stage, or a cancelling gateway, has ended the session. */
    void failedByStage(StatusRuntimeException error);

    /** No more records come, though the session may go on. */
    void abandon(Throwable error);
}
