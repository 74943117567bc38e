package io.tributary.gateway;

import com.google.rpc.Code;
import io.tributary.edge.GrpcErrors;
import io.tributary.log.ActivationLog;
import io.tributary.log.LogReader;
import io.tributary.log.LogRecord;
import io.tributary.log.SessionId;
import io.tributary.log.Topic;
import io.tributary.proto.log.v1.TokenRecord;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Reads what the tokens topic holds of sessions that other gateways have opened, or this one has lost. Its calls wait; each
 * opens a reader of its own, of which there are few at a time.
 */
final class SessionArchive {
    private static final int MOST_READERS = 8;
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final ActivationLog log;
    private final Topic<TokenRecord> tokens;
    private final Duration deadline;
    private final Semaphore readers = new Semaphore(MOST_READERS);

    /** @param deadline for each call */
    SessionArchive(ActivationLog log, Topic<TokenRecord> tokens, Duration deadline) {
        this.log = log;
        this.tokens = tokens;
        this.deadline = deadline;
    }

    /**
     * Finds the first record of a session.
     *
     * @param end offset behind what the lane holds, 0 while that is not known
     * @throws io.grpc.StatusRuntimeException NOT_FOUND if the lane does not hold the session
     */
    SessionDescription find(SessionId id, LongSupplier end) {
        if (id.lane() >= log.lanes()) {
            throw notFound(id);
        }
        SessionDescription[] found = new SessionDescription[1];
        read(id, end, logRecord -> {
            if (logRecord.value().hasStart()) {
                found[0] = SessionDescription.of(id, logRecord.value().getStart());
            }
            return found[0] == null;
        });
        if (found[0] == null) {
            throw notFound(id);
        }
        return found[0];
    }

    /**
     * Hands the tokens of a session that the lane holds so far to its stream.
     *
     * @param end offset behind which the stream gets its tokens without us, 0 while that is not known
     */
    void replay(SessionId id, LiveSession session, LongSupplier end) {
        read(id, end, logRecord -> {
            TokenReader.dispatch(session, logRecord.value());
            return !session.ended();
        });
    }

    /** Reads the session's records until the end, or until one is not followed by more. */
    private void read(SessionId id, LongSupplier end, Predicate<LogRecord<TokenRecord>> more) {
        long until = System.nanoTime() + deadline.toNanos();
        acquire(until);
        try (LogReader<TokenRecord> reader = log.followLane(tokens, id.lane(), id.tokensOffset())) {
            long stop = known(end, until);
            EpochFence fence = new EpochFence();
            long next = id.tokensOffset();
            while (next < stop) {
                requireTime(until);
                for (LogRecord<TokenRecord> logRecord : reader.poll(POLL)) {
                    next = logRecord.offset() + 1;
                    boolean counts = fence.admits(id.lane(), logRecord.value())
                            && logRecord.value().getSessionId().equals(id.toString());
                    if (counts && !more.test(logRecord)) {
                        return;
                    }
                }
            }
        } finally {
            readers.release();
        }
    }

    private static long known(LongSupplier end, long until) {
        long known = end.getAsLong();
        while (known == 0) {
            requireTime(until);
            sleep();
            known = end.getAsLong();
        }
        return known;
    }

    private void acquire(long until) {
        try {
            if (!readers.tryAcquire(until - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                throw late();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw late();
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw late();
        }
    }

    private static void requireTime(long until) {
        if (System.nanoTime() - until > 0) {
            throw late();
        }
    }

    private static RuntimeException late() {
        return GrpcErrors.unavailable("the session could not be read from the log in time; try again");
    }

    private static RuntimeException notFound(SessionId id) {
        return GrpcErrors.of(
                Code.NOT_FOUND,
                "the log holds no session %s (any more): sessions can be resumed until a minute after their end"
                        .formatted(id));
    }
}
