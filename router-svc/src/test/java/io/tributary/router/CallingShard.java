package io.tributary.router;

import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import io.tributary.models.experts.ExpertSet;
import io.tributary.proto.router.v1.ExpertShardAnnouncement;
import io.tributary.proto.router.v1.ExpertShardCommand;
import io.tributary.proto.router.v1.ExpertShardHeartbeat;
import io.tributary.proto.router.v1.ExpertShardMessage;
import io.tributary.proto.router.v1.ExpertTransport;
import io.tributary.proto.router.v1.RouterServiceGrpc;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** An expert shard that attaches over gRPC; the shards of a test share the experts that they compute with. */
final class CallingShard implements StreamObserver<ExpertShardCommand>, AutoCloseable {
    private static final long LONG_SECONDS = 30;

    private final LocalExperts experts;
    private final StreamObserver<ExpertShardMessage> call;
    private final CountDownLatch welcomed = new CountDownLatch(1);
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    /** What the shard sends is sent by one thread, as gRPC asks for. */
    private final ScheduledExecutorService sending = Executors.newSingleThreadScheduledExecutor();

    CallingShard(Channel channel, LocalExperts experts, GatedModel model, String id, String held) {
        this.experts = experts;
        call = RouterServiceGrpc.newStub(channel).attach(this);
        tell(ExpertShardMessage.newBuilder()
                .setAnnouncement(ExpertShardAnnouncement.newBuilder()
                        .setShardId(id)
                        .setModelFingerprint(model.fingerprint())
                        .setEndLayer(model.layerCount())
                        .addAllExperts(() -> ExpertSet.parse(held).indices().iterator())
                        .setTransport(ExpertTransport.EXPERT_TRANSPORT_GRPC))
                .build());
        await(welcomed, "welcome");
    }

    private static void await(CountDownLatch event, String name) {
        try {
            if (!event.await(LONG_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("no " + name + " came in time");
            }
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for the " + name, interruption);
        }
    }

    private void tell(ExpertShardMessage message) {
        sending.execute(() -> call.onNext(message));
    }

    @Override
    public void onNext(ExpertShardCommand command) {
        if (command.hasWelcome()) {
            int interval = command.getWelcome().getHeartbeatIntervalMs();
            ExpertShardMessage beat = ExpertShardMessage.newBuilder()
                    .setHeartbeat(ExpertShardHeartbeat.getDefaultInstance())
                    .build();
            var _ = sending.scheduleAtFixedRate(() -> call.onNext(beat), interval, interval, TimeUnit.MILLISECONDS);
            welcomed.countDown();
        } else if (command.hasWork()) {
            tell(ExpertShardMessage.newBuilder()
                    .setResult(experts.answer(command.getWork()))
                    .build());
        }
    }

    @Override
    public void onError(Throwable failure) {
        failures.add(failure);
        ended.countDown();
    }

    @Override
    public void onCompleted() {
        ended.countDown();
    }

    @Override
    public void close() {
        sending.execute(call::onCompleted);
        sending.shutdown();
        await(ended, "end of the call");
        for (Throwable failure : failures) {
            throw new AssertionError("the router has ended the shard's call", failure);
        }
    }
}
