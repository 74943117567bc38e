package io.tributary.decoder.experts;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.tributary.edge.Routers;
import io.tributary.proto.router.v1.CancelExpertWork;
import io.tributary.proto.router.v1.ExpertResult;
import io.tributary.proto.router.v1.ExpertShardAnnouncement;
import io.tributary.proto.router.v1.ExpertShardCommand;
import io.tributary.proto.router.v1.ExpertShardMessage;
import io.tributary.proto.router.v1.ExpertShardWelcome;
import io.tributary.proto.router.v1.ExpertWork;
import io.tributary.proto.router.v1.HoldExperts;
import io.tributary.proto.router.v1.RouterServiceGrpc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The test in the place of a router: it welcomes shards, and keeps what they say. */
final class StandInRouter implements AutoCloseable {
    private static final int HEARTBEAT_MILLIS = 20;
    private static final long DEADLINE_SECONDS = 60;

    private final BlockingQueue<ExpertShardMessage> messages = new LinkedBlockingQueue<>();
    private volatile @Nullable StreamObserver<ExpertShardCommand> shard;
    private final Server server;

    /** @param port 0 for any that is free */
    StandInRouter(int port) {
        try {
            server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                    .maxInboundMessageSize(Routers.MAXIMAL_MESSAGE_BYTES)
                    .addService(new Service())
                    .build()
                    .start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    int port() {
        return server.getPort();
    }

    private final class Service extends RouterServiceGrpc.RouterServiceImplBase {
        @Override
        public StreamObserver<ExpertShardMessage> attach(StreamObserver<ExpertShardCommand> commands) {
            shard = commands;
            commands.onNext(ExpertShardCommand.newBuilder()
                    .setWelcome(ExpertShardWelcome.newBuilder().setHeartbeatIntervalMs(HEARTBEAT_MILLIS))
                    .build());
            return new StreamObserver<>() {
                @Override
                public void onNext(ExpertShardMessage message) {
                    messages.add(message);
                }

                @Override
                public void onError(Throwable failure) {
                    shard = null;
                }

                @Override
                public void onCompleted() {
                    commands.onCompleted();
                }
            };
        }
    }

    /** The next message of that kind; what comes before it is dropped. */
    ExpertShardMessage next(ExpertShardMessage.KindCase kind) {
        try {
            while (true) {
                ExpertShardMessage message = messages.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
                if (message == null) {
                    throw new AssertionError("the shard has sent no " + kind);
                }
                if (message.getKindCase() == kind) {
                    return message;
                }
            }
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    ExpertShardAnnouncement announcement() {
        return next(ExpertShardMessage.KindCase.ANNOUNCEMENT).getAnnouncement();
    }

    /** The next announcement of exactly these experts. */
    ExpertShardAnnouncement announcementOf(Integer... experts) {
        ExpertShardAnnouncement announcement = announcement();
        while (!announcement.getExpertsList().equals(List.of(experts))) {
            announcement = announcement();
        }
        return announcement;
    }

    ExpertResult result() {
        return next(ExpertShardMessage.KindCase.RESULT).getResult();
    }

    void send(ExpertWork work) {
        send(ExpertShardCommand.newBuilder().setWork(work).build());
    }

    void cancel(long workId) {
        send(ExpertShardCommand.newBuilder()
                .setCancel(CancelExpertWork.newBuilder().setWorkId(workId))
                .build());
    }

    void hold(Integer... experts) {
        send(ExpertShardCommand.newBuilder()
                .setHold(HoldExperts.newBuilder().addAllExperts(List.of(experts)))
                .build());
    }

    private void send(ExpertShardCommand command) {
        StreamObserver<ExpertShardCommand> current = shard;
        if (current == null) {
            throw new IllegalStateException("no shard is attached");
        }
        synchronized (current) {
            current.onNext(command);
        }
    }

    /** Ends the shard's call; the router goes on. */
    void hangUp() {
        StreamObserver<ExpertShardCommand> current = shard;
        if (current != null) {
            current.onError(
                    Status.UNAVAILABLE.withDescription("the router hangs up").asRuntimeException());
        }
    }

    @Override
    public void close() {
        server.shutdownNow();
        try {
            var _ = server.awaitTermination(DEADLINE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
