package io.tributary.router;

import io.grpc.Channel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.tributary.proto.router.v1.RouteRequest;
import io.tributary.proto.router.v1.RouteResponse;
import io.tributary.proto.router.v1.RouterServiceGrpc;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A stage that calls a router over gRPC. */
final class RouteStreamClient implements ClientResponseObserver<RouteRequest, RouteResponse> {
    private static final long LONG_SECONDS = 30;

    private final BlockingQueue<RouteResponse> responses = new LinkedBlockingQueue<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final boolean takes;
    private volatile @Nullable ClientCallStreamObserver<RouteRequest> call;

    RouteStreamClient(Channel channel) {
        this(channel, true);
    }

    private RouteStreamClient(Channel channel, boolean takes) {
        this.takes = takes;
        RouterServiceGrpc.newStub(channel).route(this);
    }

    static RouteStreamClient thatTakesNothing(Channel channel) {
        return new RouteStreamClient(channel, false);
    }

    private ClientCallStreamObserver<RouteRequest> call() {
        return Objects.requireNonNull(call);
    }

    void send(RouteRequest request) {
        call().onNext(request);
    }

    void takeAll() {
        call().request(Integer.MAX_VALUE);
    }

    RouteResponse next() throws InterruptedException {
        return Objects.requireNonNull(responses.poll(LONG_SECONDS, TimeUnit.SECONDS), "no answer came in time");
    }

    void cancel() {
        call().cancel("the test is over", null);
    }

    void complete() {
        call().onCompleted();
    }

    void awaitEnd() throws InterruptedException {
        if (!ended.await(LONG_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the stream has not ended in time");
        }
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<RouteRequest> started) {
        if (!takes) {
            started.disableAutoRequestWithInitial(0);
        }
        call = started;
    }

    @Override
    public void onNext(RouteResponse response) {
        responses.add(response);
    }

    @Override
    public void onError(Throwable failure) {
        ended.countDown();
    }

    @Override
    public void onCompleted() {
        ended.countDown();
    }
}
