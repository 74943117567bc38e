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
import org.jboss.logging.Logger;

/** The thread that hands the records of the tokens topic to their sessions. */
final class TokenReader implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(TokenReader.class);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration PAUSE_AFTER_ERROR = Duration.ofMillis(500);
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(5);

    private final LogReader<TokenRecord> reader;
    private final LiveSessions sessions;
    private final Thread thread;
    private volatile boolean stopping;

    TokenReader(LogReader<TokenRecord> reader, LiveSessions sessions) {
        this.reader = reader;
        this.sessions = sessions;
        this.thread =
                Thread.ofPlatform().name("tributary-token-reader").daemon().start(this::run);
    }

    /** Whether tokens still reach their sessions. */
    boolean running() {
        return thread.isAlive();
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
                    .forEach(session -> session.fail(GrpcErrors.unavailable("the gateway stopped reading tokens")));
        }
    }

    private void pollOnce() throws InterruptedException {
        try {
            for (LogRecord<TokenRecord> tokenRecord : reader.poll(POLL)) {
                dispatch(tokenRecord.value());
            }
        } catch (LogClosedException closed) {
            throw closed;
        } catch (LogException failure) {
            LOG.warnf("reading the tokens topic failed, trying again: %s", failure.getMessage());
            Thread.sleep(PAUSE_AFTER_ERROR);
        }
    }

    private void dispatch(TokenRecord tokenRecord) {
        LiveSession session = sessions.find(tokenRecord.getSessionId());
        if (session == null) {
            return;
        }
        switch (tokenRecord.getKindCase()) {
            case TOKEN -> session.accept(tokenRecord.getToken());
            case FAILURE -> session.failedByStage(statusOf(tokenRecord.getFailure()));
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
