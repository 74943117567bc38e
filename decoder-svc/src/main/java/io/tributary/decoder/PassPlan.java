package io.tributary.decoder;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Chooses what the next forward pass computes of all that is waiting. Used by the shard's thread.
 *
 * <p>Sessions that decode come first, one position each; positions of prompts and of replays fill up, in turns of one
 * record a session. While any session decodes, a pass takes a bounded number of them, so a long prompt delays each token
 * of others by one such pass at most. Sessions of batch priority compute in passes that no interactive session wants,
 * and in every fourth pass together with them.
 */
final class PassPlan {
    private static final int SHARED_PASS = 4;

    private final int maximalRows;
    private final int promptRows;
    private final boolean wholeRecords;
    private final Set<ShardSession> waiting = new LinkedHashSet<>();
    private long passes;

    /**
     * @param maximalRows positions in one pass
     * @param promptRows positions of prompts in a pass in which sessions decode, at least 1
     * @param wholeRecords whether the positions of a record must not be computed in several passes
     */
    PassPlan(int maximalRows, int promptRows, boolean wholeRecords) {
        this.maximalRows = maximalRows;
        this.promptRows = Math.min(promptRows, maximalRows);
        this.wholeRecords = wholeRecords;
    }

    /** The session has work. */
    void add(ShardSession session) {
        waiting.add(session);
    }

    /** The session has no work any more, or is gone. */
    void remove(ShardSession session) {
        waiting.remove(session);
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Sessions that have work. */
    int waitingSessions() {
        return waiting.size();
    }

    /** Positions that wait, of all sessions. */
    long waitingRows() {
        return waiting.stream().mapToLong(ShardSession::waitingRows).sum();
    }

    /** Puts the work of the next pass into the batch. */
    void fill(StageBatch batch) {
        Collection<ShardSession> candidates = candidates();
        passes++;
        int rows = take(candidates.stream().filter(ShardSession::decodes).toList(), maximalRows, batch);
        int rest = rows == 0 ? maximalRows : Math.min(promptRows, maximalRows - rows);
        List<ShardSession> prompts =
                candidates.stream().filter(session -> !batch.holds(session)).toList();
        int taken = rest;
        while (rest > 0 && taken > 0) {
            taken = take(prompts, rest, batch);
            rest -= taken;
        }
    }

    private Collection<ShardSession> candidates() {
        List<ShardSession> interactive =
                waiting.stream().filter(ShardSession::interactive).toList();
        boolean shared = passes % SHARED_PASS == SHARED_PASS - 1;
        return interactive.isEmpty() || shared ? List.copyOf(waiting) : interactive;
    }

    private @Nullable Work next(ShardSession session, StageBatch batch) {
        batch.adopt(session);
        Work next = session.nextWork();
        if (next == null) {
            waiting.remove(session);
        }
        return next;
    }

    /** Takes one record's rows of each session in turn, and moves the session behind the others; returns how many rows. */
    private int take(List<ShardSession> sessions, int most, StageBatch batch) {
        int taken = 0;
        for (ShardSession session : sessions) {
            Work work = taken < most ? next(session, batch) : null;
            if (work == null || (wholeRecords && work.rows() > most - taken)) {
                continue;
            }
            int rows = Math.min(work.rows(), most - taken);
            batch.add(session, work, rows);
            session.taken(rows);
            taken += rows;
            waiting.remove(session);
            if (session.nextWork() != null) {
                waiting.add(session);
            }
        }
        return taken;
    }
}
