package io.tributary.chaos.load;

import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.BlockingClientCall;
import io.tributary.chaos.load.SessionOutcome.End;
import io.tributary.proto.gateway.v1.CancelRequest;
import io.tributary.proto.gateway.v1.GatewayServiceGrpc;
import io.tributary.proto.gateway.v1.GenerateResponse;
import io.tributary.proto.gateway.v1.ResumeRequest;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One client with one session: generates, keeps tokens by position, and resumes at the next gateway whenever the stream
 * breaks. For one thread.
 */
public final class ClientSession {
    /** A client that gets no token for so long gives its session up: longer than any fault and its recovery. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);
    private static final int FIRST_BACKOFF_MILLIS = 50;
    private static final int LONGEST_BACKOFF_MILLIS = 1_000;
    private static final int MOST_DOUBLINGS = 5;

    /** How reading a stream ended. */
    private enum Step {
        COMPLETE,
        CANCELLED,
        MOVED
    }

    private final SessionPlan plan;
    private final Gateways gateways;
    private final StreamListener listener;
    private final SplittableRandom random;
    private final ReceivedStream received = new ReceivedStream();
    private int gateway;
    private int resumes;
    private int failures;
    private boolean moved;
    private long lastProgress = System.nanoTime();

    /** @param random for the first gateway and for jitter */
    public ClientSession(SessionPlan plan, Gateways gateways, StreamListener listener, SplittableRandom random) {
        this.plan = plan;
        this.gateways = gateways;
        this.listener = listener;
        this.random = random;
        this.gateway = random.nextInt(gateways.count());
    }

    /** Runs the session to its end. A request that was not admitted is made again as a new one. */
    public SessionOutcome run() throws InterruptedException {
        while (true) {
            try {
                switch (readStream()) {
                    case COMPLETE -> {
                        return outcome(End.COMPLETE, "");
                    }
                    case CANCELLED -> {
                        return outcome(End.CANCELLED, "");
                    }
                    case MOVED -> moved = true;
                }
            } catch (StatusException broken) {
                if (!isPassing(broken.getStatus()) || isOutOfPatience()) {
                    return outcome(End.LOST, text(broken.getStatus()));
                }
                backOff();
            }
            gateway++;
            if (received.hasStarted()) {
                resumes++;
            }
        }
    }

    private SessionOutcome outcome(End end, String reason) {
        return new SessionOutcome(received, end, reason, resumes);
    }

    private Step readStream() throws InterruptedException, StatusException {
        BlockingClientCall<?, GenerateResponse> stream = received.hasStarted() ? resume() : generate();
        while (true) {
            GenerateResponse response = read(stream);
            if (response == null) {
                return end();
            }
            take(response);
            if (response.hasToken() && hasEnough()) {
                stream.cancel("the client has seen enough", null);
                return leave();
            }
        }
    }

    private BlockingClientCall<?, GenerateResponse> generate() {
        return GatewayServiceGrpc.newBlockingV2Stub(gateways.channel(gateway)).generate(plan.request());
    }

    private BlockingClientCall<?, GenerateResponse> resume() {
        return GatewayServiceGrpc.newBlockingV2Stub(gateways.channel(gateway))
                .resume(ResumeRequest.newBuilder()
                        .setSessionId(received.sessionId())
                        .setNextPosition(received.nextPosition())
                        .build());
    }

    private static @Nullable GenerateResponse read(BlockingClientCall<?, GenerateResponse> stream)
            throws InterruptedException, StatusException {
        try {
            return stream.read(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException silent) {
            stream.cancel("the client has lost patience", silent);
            throw Status.DEADLINE_EXCEEDED
                    .withDescription("no message for %d s".formatted(PATIENCE.toSeconds()))
                    .asException();
        }
    }

    private void take(GenerateResponse response) {
        boolean inTheStream = !received.tokens().isEmpty();
        received.accept(response);
        if (!response.hasStarted()) {
            long now = System.nanoTime();
            if (inTheStream) {
                listener.pause(lastProgress, now);
            }
            if (response.hasToken()) {
                listener.token();
            }
            lastProgress = now;
            failures = 0;
        }
    }

    private Step end() throws StatusException {
        if (received.finished().isEmpty()) {
            throw Status.DATA_LOSS
                    .withDescription("the stream ended well, but without Finished")
                    .asException();
        }
        return Step.COMPLETE;
    }

    private boolean hasEnough() {
        int count = received.tokens().size();
        return switch (plan.habit()) {
            case Habit.ReadsToTheEnd _ -> false;
            case Habit.Cancels cancels -> count >= cancels.after();
            case Habit.Moves moves -> count >= moves.after() && !moved;
        };
    }

    private Step leave() throws InterruptedException, StatusException {
        if (!(plan.habit() instanceof Habit.Cancels cancels)) {
            return Step.MOVED;
        }
        if (cancels.byCall()) {
            cancelSession();
        }
        return Step.CANCELLED;
    }

    private void cancelSession() throws InterruptedException, StatusException {
        CancelRequest request =
                CancelRequest.newBuilder().setSessionId(received.sessionId()).build();
        while (true) {
            try {
                GatewayServiceGrpc.newBlockingStub(gateways.channel(gateway))
                        .withDeadlineAfter(CALL_TIMEOUT.toSeconds(), TimeUnit.SECONDS)
                        .cancel(request);
                return;
            } catch (StatusRuntimeException failure) {
                Status status = failure.getStatus();
                boolean again = isPassing(status) || status.getCode() == Status.Code.DEADLINE_EXCEEDED;
                if (!again || isOutOfPatience()) {
                    throw status.asException();
                }
                backOff();
                gateway++;
            }
        }
    }

    private static boolean isPassing(Status status) {
        return status.getCode() == Status.Code.UNAVAILABLE || status.getCode() == Status.Code.RESOURCE_EXHAUSTED;
    }

    private boolean isOutOfPatience() {
        return System.nanoTime() - lastProgress > PATIENCE.toNanos();
    }

    private void backOff() throws InterruptedException {
        int limit = Math.min(LONGEST_BACKOFF_MILLIS, FIRST_BACKOFF_MILLIS << Math.min(failures, MOST_DOUBLINGS));
        failures++;
        Thread.sleep(limit / 2 + random.nextInt(limit / 2 + 1));
    }

    private static String text(Status status) {
        return status.getDescription() == null
                ? status.getCode().name()
                : status.getCode() + ": " + status.getDescription();
    }
}
