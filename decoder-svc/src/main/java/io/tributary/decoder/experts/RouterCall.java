package io.tributary.decoder.experts;

import com.google.rpc.Status;
import io.grpc.Channel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.tributary.models.experts.ExpertSet;
import io.tributary.proto.router.v1.ExpertResult;
import io.tributary.proto.router.v1.ExpertShardCommand;
import io.tributary.proto.router.v1.ExpertShardHeartbeat;
import io.tributary.proto.router.v1.ExpertShardMessage;
import io.tributary.proto.router.v1.HoldExperts;
import io.tributary.proto.router.v1.RouterServiceGrpc;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One call of Attach: what a shard and a router say to each other until it ends. Reads no more commands while the shard has
 * enough to compute, or the router does not read the results.
 */
final class RouterCall implements ClientResponseObserver<ExpertShardMessage, ExpertShardCommand> {
    private static final Logger LOG = Logger.getLogger(RouterCall.class);
    private static final Duration WELCOME_DEADLINE = Duration.ofSeconds(10);
    private static final int SHORTEST_INTERVAL_MILLIS = 10;
    private static final int LONGEST_INTERVAL_MILLIS = 60_000;

    private final ShardIdentity identity;
    private final HeldExperts held;
    private final WorkIntake intake;
    private final ExpertQueue queue;
    private final CompletableFuture<Integer> welcome = new CompletableFuture<>();
    private final CompletableFuture<io.grpc.Status> ended = new CompletableFuture<>();
    private @Nullable ClientCallStreamObserver<ExpertShardMessage> starting;
    /** Set once it has started; guarded by this, as all that is sent. */
    private @Nullable ClientCallStreamObserver<ExpertShardMessage> call;

    private boolean requested = true;

    RouterCall(ShardIdentity identity, HeldExperts held, WorkIntake intake, ExpertQueue queue) {
        this.identity = identity;
        this.held = held;
        this.intake = intake;
        this.queue = queue;
    }

    /**
     * Attaches and stays attached until the call ends.
     *
     * @return why it has ended
     */
    io.grpc.Status serve(Channel channel) throws InterruptedException {
        var _ = RouterServiceGrpc.newStub(channel).attach(this);
        synchronized (this) {
            call = starting;
        }
        try {
            announce();
            int interval = welcomed();
            while (!ended.isDone()) {
                send(ExpertShardMessage.newBuilder()
                        .setHeartbeat(ExpertShardHeartbeat.newBuilder().setWaitingRows(queue.waitingRows()))
                        .build());
                pull();
                awaitEnd(interval);
            }
            return ended.resultNow();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        } finally {
            end("the shard leaves");
            intake.cancelAll(this);
        }
    }

    /** Whether the router has welcomed the shard, and the call goes on. */
    boolean attached() {
        return welcome.isDone() && !ended.isDone();
    }

    /** Whether the router has ever welcomed the shard in this call. */
    boolean wasAttached() {
        return welcome.isDone();
    }

    /** Says what is offered now. */
    void announce() {
        synchronized (this) {
            send(ExpertShardMessage.newBuilder()
                    .setAnnouncement(identity.announcement(held.offered()))
                    .build());
        }
    }

    /** Reads on if it has waited for room, and there is some. */
    void pull() {
        synchronized (this) {
            ClientCallStreamObserver<ExpertShardMessage> current = call;
            if (!requested && current != null && current.isReady() && intake.hasRoom()) {
                requested = true;
                current.request(1);
            }
        }
    }

    /** Ends the call. */
    private void end(String reason) {
        synchronized (this) {
            if (call != null) {
                call.cancel(reason, null);
                call = null;
            }
        }
    }

    private int welcomed() throws InterruptedException {
        try {
            Object first =
                    CompletableFuture.anyOf(welcome, ended).get(WELCOME_DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
            return first instanceof Integer interval ? interval : LONGEST_INTERVAL_MILLIS;
        } catch (TimeoutException _) {
            ended.complete(io.grpc.Status.DEADLINE_EXCEEDED.withDescription(
                    "the router has not answered the announcement within " + WELCOME_DEADLINE));
            return LONGEST_INTERVAL_MILLIS;
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private void awaitEnd(int millis) throws InterruptedException, ExecutionException {
        try {
            var _ = ended.get(millis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            LOG.trace("time for a heartbeat");
        }
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<ExpertShardMessage> requestStream) {
        starting = requestStream;
        requestStream.disableAutoRequestWithInitial(1);
        requestStream.setOnReadyHandler(this::pull);
    }

    @Override
    public void onNext(ExpertShardCommand command) {
        switch (command.getKindCase()) {
            case WELCOME -> {
                int asked = command.getWelcome().getHeartbeatIntervalMs();
                welcome.complete(
                        Math.clamp(Integer.toUnsignedLong(asked), SHORTEST_INTERVAL_MILLIS, LONGEST_INTERVAL_MILLIS));
            }
            case WORK -> intake.accept(this, command.getWork(), this::result);
            case CANCEL -> intake.cancel(this, command.getCancel().getWorkId());
            case HOLD -> hold(command.getHold());
            case KIND_NOT_SET -> LOG.warn("an empty command of a router was skipped");
        }
        synchronized (this) {
            requested = false;
        }
        pull();
    }

    private void hold(HoldExperts order) {
        try {
            held.order(ExpertSet.of(order.getExpertsList().stream().mapToInt(Integer::intValue)), this::refuse);
        } catch (IllegalArgumentException noSuchExpert) {
            refuse(Status.newBuilder()
                    .setCode(io.grpc.Status.Code.INVALID_ARGUMENT.value())
                    .setMessage(String.valueOf(noSuchExpert.getMessage()))
                    .build());
        }
    }

    private void refuse(Status problem) {
        send(ExpertShardMessage.newBuilder().setPlacementError(problem).build());
    }

    private void result(ExpertResult result) {
        send(ExpertShardMessage.newBuilder().setResult(result).build());
    }

    private void send(ExpertShardMessage message) {
        synchronized (this) {
            ClientCallStreamObserver<ExpertShardMessage> current = call;
            if (current != null && !ended.isDone()) {
                current.onNext(message);
            }
        }
    }

    @Override
    public void onError(Throwable failure) {
        ended.complete(io.grpc.Status.fromThrowable(failure));
    }

    @Override
    public void onCompleted() {
        ended.complete(io.grpc.Status.OK.withDescription("the router has ended the call"));
    }
}
