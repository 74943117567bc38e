package io.tributary.gateway.openai;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;

/** What is behind one path of the API. */
interface Endpoint {
    /**
     * Answers a request. Throws {@link OpenAiException} if it is refused, as the streams of the reply fail with one.
     *
     * @param body of the request
     * @param calls what can be called for it
     */
    Reply reply(Fields body, GatewayCalls calls);

    /** What the client gets. */
    sealed interface Reply {}

    /** One JSON document. */
    record Document(Uni<?> value) implements Reply {}

    /** Server-sent events, each a JSON document. */
    record Events(Multi<?> values) implements Reply {}
}
