package io.tributary.decoder;

import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.tributary.proto.router.v1.RouteRequest;
import io.tributary.proto.router.v1.RouteResponse;
import io.tributary.proto.router.v1.RouterServiceGrpc;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** One call of Route: requests of one thread at a time, and their answers in any order. */
final class RouteStream implements ClientResponseObserver<RouteRequest, RouteResponse> {
    private final Map<Long, CompletableFuture<RouteResponse>> pending = new ConcurrentHashMap<>();
    private final Runnable answered;
    private @Nullable ClientCallStreamObserver<RouteRequest> call;
    private volatile @Nullable Status end;

    /** @param answered run with each answer, whether somebody still waits for it or not */
    RouteStream(Channel channel, Runnable answered) {
        this.answered = answered;
        var _ = RouterServiceGrpc.newStub(channel).route(this);
    }

    /** Whether it takes no more requests. */
    boolean ended() {
        return end != null;
    }

    /** Sends a request; the answer fails with an {@link io.grpc.StatusRuntimeException} when the call ends before it. */
    CompletableFuture<RouteResponse> ask(RouteRequest request) {
        CompletableFuture<RouteResponse> answer = new CompletableFuture<>();
        pending.put(request.getRequestId(), answer);
        ClientCallStreamObserver<RouteRequest> started = call;
        if (started != null && !ended()) {
            started.onNext(request);
        }
        // It may have ended meanwhile, without knowing of this request.
        if (ended()) {
            failAll();
        }
        return answer;
    }

    /** Nobody waits for the answer any more. */
    void forget(long requestId) {
        pending.remove(requestId);
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<RouteRequest> requestStream) {
        call = requestStream;
    }

    @Override
    public void onNext(RouteResponse response) {
        answered.run();
        CompletableFuture<RouteResponse> answer = pending.remove(response.getRequestId());
        if (answer != null) {
            answer.complete(response);
        }
    }

    @Override
    public void onError(Throwable failure) {
        end = Status.fromThrowable(failure);
        failAll();
    }

    @Override
    public void onCompleted() {
        end = Status.UNAVAILABLE.withDescription("the router has ended the stream");
        failAll();
    }

    private void failAll() {
        Status reason = end;
        if (reason == null) {
            return;
        }
        for (Long id : List.copyOf(pending.keySet())) {
            CompletableFuture<RouteResponse> answer = pending.remove(id);
            if (answer != null) {
                answer.completeExceptionally(reason.asRuntimeException());
            }
        }
    }
}
