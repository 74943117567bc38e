package io.tributary.router;

import com.google.rpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.tributary.proto.router.v1.ExpertShardCommand;
import io.tributary.proto.router.v1.ExpertShardMessage;
import io.tributary.router.Attachments.Attachment;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The gRPC call of a shard. Its messages are read one by one, each when the one before is dealt with. */
final class AttachCall implements AttachOutlet, StreamObserver<ExpertShardMessage> {
    private static final Logger LOG = Logger.getLogger(AttachCall.class);

    private final ServerCallStreamObserver<ExpertShardCommand> commands;
    private volatile @Nullable RunningRouter running;
    private volatile boolean completed;
    /** Lives on the loop. */
    private @Nullable Attachment attachment;

    private AttachCall(ServerCallStreamObserver<ExpertShardCommand> commands) {
        this.commands = commands;
    }

    /** Takes a call; nothing is read of it before the router is loaded. */
    static StreamObserver<ExpertShardMessage> begin(
            ServedRouter served, ServerCallStreamObserver<ExpertShardCommand> commands) {
        AttachCall call = new AttachCall(commands);
        commands.disableAutoRequest();
        commands.setOnCancelHandler(() -> call.onLoop(call::closed));
        served.whenRunning().subscribe().with(call::open, commands::onError);
        return call;
    }

    private void open(RunningRouter router) {
        running = router;
        router.attachments()
                .ifPresentOrElse(
                        attachments -> router.run(() -> begin(attachments)),
                        () -> end(Problems.failedPrecondition("this router takes no expert shards: %s"
                                .formatted(
                                        router.model().layers().all().isEmpty()
                                                ? "the model has no experts"
                                                : "tributary.experts.transport is direct"))));
    }

    private void begin(Attachments attachments) {
        attachment = attachments.begin(this);
        // It may have ended before anybody knew where to say so.
        if (commands.isCancelled()) {
            closed();
        } else if (completed) {
            complete();
        } else {
            commands.request(1);
        }
    }

    private void onLoop(Runnable task) {
        RunningRouter router = running;
        if (router != null) {
            router.run(task);
        }
    }

    private void complete() {
        if (attachment != null && attachment.closed()) {
            commands.onCompleted();
        }
    }

    private void closed() {
        if (attachment != null) {
            attachment.closed();
        }
    }

    @Override
    public void onNext(ExpertShardMessage message) {
        onLoop(() -> {
            if (attachment != null) {
                attachment.message(message);
                commands.request(1);
            }
        });
    }

    /** The cancel handler is told as well. */
    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onCompleted() {
        completed = true;
        onLoop(this::complete);
    }

    @Override
    public void send(ExpertShardCommand command) {
        try {
            commands.onNext(command);
        } catch (RuntimeException failure) {
            LOG.debug("a call ended before its command was sent", failure);
            onLoop(this::closed);
        }
    }

    @Override
    public void end(Status reason) {
        try {
            commands.onError(Problems.exception(reason));
        } catch (RuntimeException failure) {
            LOG.debug("a call had ended already", failure);
        }
    }
}
