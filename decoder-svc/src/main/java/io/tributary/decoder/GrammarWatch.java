package io.tributary.decoder;

import java.util.function.BiConsumer;

/**
 * Sees to the sessions whose constraint is compiled beside the shard's thread: they go on when it is, and end if it is wrong.
 * Used by the shard's thread.
 */
final class GrammarWatch {
    private final ShardSessions sessions;
    private final PassPlan plan;

    GrammarWatch(ShardSessions sessions, PassPlan plan) {
        this.sessions = sessions;
        this.plan = plan;
    }

    /** @param refuse ends a session whose constraint was not compiled; called again and again until it has ended */
    void look(BiConsumer<ShardSession, SessionRefusedException> refuse) {
        for (ShardSession session : sessions.all()) {
            // During a replay the closing may lie ahead already.
            if (session.turn().grammar() != null && !session.lane().replaying()) {
                look(session, refuse);
            }
        }
    }

    private void look(ShardSession session, BiConsumer<ShardSession, SessionRefusedException> refuse) {
        SessionRefusedException problem = session.turn().grammarProblem();
        if (problem != null) {
            refuse.accept(session, problem);
        } else if (session.nextWork() != null) {
            plan.add(session);
        }
    }
}
