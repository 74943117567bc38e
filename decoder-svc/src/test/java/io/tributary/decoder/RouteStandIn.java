package io.tributary.decoder;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.tributary.edge.Routers;
import io.tributary.proto.router.v1.RouteRequest;
import io.tributary.proto.router.v1.RouteResponse;
import io.tributary.proto.router.v1.RouterServiceGrpc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** The test in the place of a router that stages ask. */
final class RouteStandIn implements AutoCloseable {
    private final Server server;
    private final AtomicInteger requests = new AtomicInteger();
    private volatile Function<RouteRequest, Optional<RouteResponse>> answers;

    /**
     * @param port 0 for any that is free
     * @param answers without an answer the router is silent; with an exception the stream breaks
     */
    RouteStandIn(int port, Function<RouteRequest, Optional<RouteResponse>> answers) {
        this.answers = answers;
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

    /** Requests that have come so far. */
    int requests() {
        return requests.get();
    }

    /** Answers in another way from now on. */
    void answer(Function<RouteRequest, Optional<RouteResponse>> otherwise) {
        answers = otherwise;
    }

    /** Each row comes back as it was sent. */
    static Optional<RouteResponse> echo(RouteRequest request) {
        return Optional.of(RouteResponse.newBuilder()
                .setRequestId(request.getRequestId())
                .setHiddenStates(request.getHiddenStates())
                .build());
    }

    private final class Service extends RouterServiceGrpc.RouterServiceImplBase {
        @Override
        public StreamObserver<RouteRequest> route(StreamObserver<RouteResponse> responses) {
            return new StreamObserver<>() {
                @Override
                public void onNext(RouteRequest request) {
                    requests.incrementAndGet();
                    try {
                        answers.apply(request).ifPresent(responses::onNext);
                    } catch (IllegalStateException breaking) {
                        responses.onError(Status.UNAVAILABLE
                                .withDescription(breaking.getMessage())
                                .asRuntimeException());
                    }
                }

                @Override
                public void onError(Throwable failure) {}

                @Override
                public void onCompleted() {
                    responses.onCompleted();
                }
            };
        }
    }

    @Override
    public void close() {
        server.shutdownNow();
        try {
            var _ = server.awaitTermination(60, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
