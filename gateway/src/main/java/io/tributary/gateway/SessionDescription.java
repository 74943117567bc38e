package io.tributary.gateway;

import io.tributary.log.SessionId;
import io.tributary.proto.log.v1.SessionStart;
import java.util.List;

/**
 * What a gateway needs to know of a session to stream it to a client, whoever opened it.
 *
 * @param id of the session
 * @param promptIds the prompt as the decoder gets it
 * @param stops texts before which the generation ends
 * @param seed in use
 * @param model its name
 * @param outlivesStream whether it goes on when its stream ends early
 * @param keepsOpen whether it stays for further turns; such a session is not told of to other gateways
 * @param reportsRouting whether it reports which experts were chosen
 */
record SessionDescription(
        SessionId id,
        List<Integer> promptIds,
        List<String> stops,
        long seed,
        String model,
        boolean outlivesStream,
        boolean keepsOpen,
        boolean reportsRouting) {
    static SessionDescription of(SessionId id, SessionStart start) {
        return new SessionDescription(
                id,
                start.getPromptIdsList(),
                start.getStopList(),
                start.getSeed(),
                start.getModel(),
                start.getOutlivesStream(),
                false,
                start.getReportsRouting());
    }

    static SessionDescription of(SessionId id, Admission admission, String model) {
        GenerationRequest request = admission.request();
        return new SessionDescription(
                id,
                admission.promptIds(),
                request.stops(),
                request.sampling().parameters().seed(),
                model,
                request.outlivesStream(),
                false,
                request.reportsRouting());
    }

    /** The session of a conversation, for one of its turns. */
    static SessionDescription ofTurn(SessionId id, Admission admission, String model) {
        GenerationRequest request = admission.request();
        return new SessionDescription(
                id,
                admission.promptIds(),
                request.stops(),
                request.sampling().parameters().seed(),
                model,
                false,
                true,
                false);
    }

    /** As the log carries it. */
    SessionStart record() {
        return SessionStart.newBuilder()
                .addAllPromptIds(promptIds)
                .addAllStop(stops)
                .setSeed(seed)
                .setModel(model)
                .setOutlivesStream(outlivesStream)
                .setReportsRouting(reportsRouting)
                .build();
    }
}
