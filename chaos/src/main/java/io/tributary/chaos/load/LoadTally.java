package io.tributary.chaos.load;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Counts what the clients went through. For many threads. */
public final class LoadTally {
    private static final int MOST_PROBLEMS = 20;

    private final LongAdder sessions = new LongAdder();
    private final LongAdder cancelled = new LongAdder();
    private final LongAdder resumes = new LongAdder();
    private final LongAdder tokens = new LongAdder();
    private final AtomicLong mismatches = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final ConcurrentLinkedQueue<String> problems = new ConcurrentLinkedQueue<>();

    /** A snapshot of the counts. */
    public record Counts(
            long sessions,
            long cancelled,
            long resumes,
            long tokens,
            long mismatches,
            long lost,
            List<String> problems) {
        public Counts {
            problems = List.copyOf(problems);
        }

        /** How the streams came out, as a line of a table. */
        public String line() {
            return String.format(Locale.ROOT, "sessions %d, mismatches %d, lost %d%n", sessions, mismatches, lost);
        }

        /** How the streams came out, as fields of an object. */
        public ObjectNode addTo(ObjectNode json) {
            return json.put("sessions", sessions).put("mismatches", mismatches).put("lost", lost);
        }
    }

    void token() {
        tokens.increment();
    }

    void count(SessionPlan plan, SessionOutcome outcome, ReceivedStream reference) {
        sessions.increment();
        resumes.add(outcome.resumes());
        if (outcome.end() == SessionOutcome.End.CANCELLED) {
            cancelled.increment();
        }
        boolean isLost = outcome.end() == SessionOutcome.End.LOST;
        if (isLost) {
            problem(lost, plan, outcome, "lost: " + outcome.reason());
        }
        Optional<String> difference =
                StreamComparison.difference(outcome.stream(), reference, outcome.end() != SessionOutcome.End.COMPLETE);
        difference.ifPresent(what -> problem(mismatches, plan, outcome, "differs: " + what));
    }

    void failed(SessionPlan plan, RuntimeException failure) {
        sessions.increment();
        if (lost.incrementAndGet() <= MOST_PROBLEMS) {
            problems.add("plan %d, its client failed: %s".formatted(plan.number(), failure));
        }
    }

    private void problem(AtomicLong counter, SessionPlan plan, SessionOutcome outcome, String what) {
        if (counter.incrementAndGet() <= MOST_PROBLEMS) {
            problems.add("plan %d, session %s, after %d tokens and %d resumes, %s"
                    .formatted(
                            plan.number(),
                            outcome.stream().sessionId(),
                            outcome.stream().tokens().size(),
                            outcome.resumes(),
                            what));
        }
    }

    /** The counts as they stand; of each kind of problem the first are described. */
    public Counts counts() {
        return new Counts(
                sessions.sum(),
                cancelled.sum(),
                resumes.sum(),
                tokens.sum(),
                mismatches.get(),
                lost.get(),
                List.copyOf(problems));
    }
}
