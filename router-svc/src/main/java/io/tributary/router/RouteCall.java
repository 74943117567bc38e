package io.tributary.router;

import com.google.rpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.tributary.proto.router.v1.RouteRequest;
import io.tributary.proto.router.v1.RouteResponse;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The gRPC call of a stream of requests. Its requests are read one by one, when the router asks for them. */
final class RouteCall implements RouteOutlet, StreamObserver<RouteRequest> {
    private static final Logger LOG = Logger.getLogger(RouteCall.class);

    private final ServerCallStreamObserver<RouteResponse> responses;
    private final RouteStream stream = new RouteStream(this);
    private volatile @Nullable RunningRouter running;
    private volatile boolean completed;

    private RouteCall(ServerCallStreamObserver<RouteResponse> responses) {
        this.responses = responses;
    }

    /** Takes a call; nothing is read of it before the router is loaded. */
    static StreamObserver<RouteRequest> begin(ServedRouter served, ServerCallStreamObserver<RouteResponse> responses) {
        RouteCall call = new RouteCall(responses);
        responses.disableAutoRequest();
        responses.setOnReadyHandler(() -> call.onLoop(router -> router.ready(call.stream)));
        responses.setOnCancelHandler(() -> call.onLoop(router -> router.cancel(call.stream)));
        served.whenRunning().subscribe().with(call::open, responses::onError);
        return call;
    }

    private void open(RunningRouter router) {
        running = router;
        router.execute(each -> {
            each.open(stream);
            // It may have ended before anybody knew where to say so.
            if (responses.isCancelled()) {
                each.cancel(stream);
            } else if (completed) {
                each.halfClose(stream);
            }
        });
    }

    private void onLoop(Consumer<Router> task) {
        RunningRouter router = running;
        if (router != null) {
            router.execute(task);
        }
    }

    @Override
    public void onNext(RouteRequest request) {
        onLoop(router -> router.request(stream, request));
    }

    /** The cancel handler is told as well. */
    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onCompleted() {
        completed = true;
        onLoop(router -> router.halfClose(stream));
    }

    @Override
    public boolean ready() {
        return responses.isReady();
    }

    @Override
    public void send(RouteResponse response) {
        try {
            responses.onNext(response);
        } catch (RuntimeException failure) {
            LOG.debug("a call ended before its answer was sent", failure);
            onLoop(router -> router.cancel(stream));
        }
    }

    @Override
    public void ask() {
        responses.request(1);
    }

    @Override
    public void end() {
        responses.onCompleted();
    }

    @Override
    public void fail(Status reason) {
        responses.onError(Problems.exception(reason));
    }
}
