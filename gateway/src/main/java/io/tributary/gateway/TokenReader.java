package io.tributary.gateway;

import com.google.rpc.Code;
import io.tributary.edge.GrpcErrors;
import io.tributary.log.LogClosedException;
import io.tributary.log.LogException;
import io.tributary.log.LogReader;
import io.tributary.log.LogRecord;
import io.tributary.proto.log.v1.SessionFailure;
import io.tributary.proto.log.v1.TokenRecord;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jboss.logging.Logger;

/** The thread that hands the records of the tokens topic to their sessions. */
final class TokenReader implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(TokenReader.class);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration PAUSE_AFTER_ERROR = Duration.ofMillis(500);
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(5);

    private final LogReader<TokenRecord> reader;
    private final LiveSessions sessions;
    private final LaneDirectory directory;
    private final EpochFence fence = new EpochFence();
    private final AtomicLongArray ends;
    private final Thread thread;
    private volatile boolean stopping;

    TokenReader(LogReader<TokenRecord> reader, int lanes, LiveSessions sessions, LaneDirectory directory) {
        this.reader = reader;
        this.sessions = sessions;
        this.directory = directory;
        this.ends = new AtomicLongArray(lanes);
        this.thread =
                Thread.ofPlatform().name("tributary-token-reader").daemon().start(this::run);
    }

    /** Whether tokens still reach their sessions. */
    boolean running() {
        return thread.isAlive();
    }

    /** The offset behind the last record of a lane that was taken up; 0 if none was yet. */
    long end(int lane) {
        return ends.get(lane);
    }

    private void run() {
        try (reader) {
            while (!stopping) {
                pollOnce();
            }
        } catch (LogClosedException closed) {
            LOG.debug("the log was closed", closed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            sessions.all()
                    .forEach(session -> session.abandon(GrpcErrors.unavailable(
                            "the gateway is shutting down; resume the session at another one, or ask there again")));
        }
    }

    private void pollOnce() throws InterruptedException {
        try {
            for (LogRecord<TokenRecord> logRecord : reader.poll(POLL)) {
                // First, so that whoever joins a session now reads this record himself, if it does not reach him from
                // here.
                ends.set(logRecord.lane(), logRecord.offset() + 1);
                take(logRecord.lane(), logRecord.value());
            }
        } catch (LogClosedException closed) {
            throw closed;
        } catch (LogException failure) {
            LOG.warnf("reading the tokens topic failed, trying again: %s", failure.getMessage());
            Thread.sleep(PAUSE_AFTER_ERROR);
        }
    }

    private void take(int lane, TokenRecord tokenRecord) {
        if (!fence.admits(lane, tokenRecord)) {
            return;
        }
        if (tokenRecord.hasLaneStatus()) {
            int stage = tokenRecord.getWriter().getStage();
            directory.update(lane, stage, tokenRecord.getLaneStatus(), System.nanoTime());
            return;
        }
        SessionListener session = sessions.find(tokenRecord.getSessionId());
        if (session != null) {
            dispatch(session, tokenRecord);
        }
    }

    /** Hands a record of a session on. */
    static void dispatch(SessionListener session, TokenRecord tokenRecord) {
        switch (tokenRecord.getKindCase()) {
            case TOKEN -> session.token(tokenRecord.getToken());
            case PROMPT_SCORES -> session.scores(tokenRecord.getPromptScores());
            case PROMPT_EMBEDDING -> session.embedding(tokenRecord.getPromptEmbedding());
            case PROMPT_ROUTING -> session.routing(tokenRecord.getPromptRouting());
            case FAILURE -> session.failedByStage(statusOf(tokenRecord.getFailure()));
            case START, LANE_STATUS -> {
                // The listener knows how its session began, and a status is of no session.
            }
            case KIND_NOT_SET -> LOG.warnf("an empty token record of session %s was skipped", session.id());
        }
    }

    private static io.grpc.StatusRuntimeException statusOf(SessionFailure failure) {
        Code code = Code.forNumber(failure.getCode());
        return GrpcErrors.of(code == null || code == Code.OK ? Code.INTERNAL : code, failure.getMessage());
    }

    @Override
    public void close() {
        stopping = true;
        reader.wakeup();
        try {
            if (!thread.join(STOP_DEADLINE)) {
                LOG.warnf("the token reader did not stop within %s", STOP_DEADLINE);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
