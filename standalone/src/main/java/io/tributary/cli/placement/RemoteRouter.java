package io.tributary.cli.placement;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.tributary.cli.CommandFailedException;
import io.tributary.proto.router.v1.DescribeExpertsRequest;
import io.tributary.proto.router.v1.DescribeExpertsResponse;
import io.tributary.proto.router.v1.PlaceExpertsRequest;
import io.tributary.proto.router.v1.PlaceExpertsResponse;
import io.tributary.proto.router.v1.RouterServiceGrpc;
import io.tributary.proto.router.v1.RouterServiceGrpc.RouterServiceBlockingStub;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A router of a mesh.
 *
 * @param address `host:port`
 * @param channel to the router, closed with this
 */
record RemoteRouter(String address, ManagedChannel channel) implements AutoCloseable {
    /** Which pairs of experts were chosen is told too: tens of megabytes for the largest models. */
    private static final int LARGEST_ANSWER = 256 << 20;

    private static final Duration DESCRIPTION_TIMEOUT = Duration.ofSeconds(20);

    /** Longer than the router itself waits. */
    private static final Duration GRACE = Duration.ofSeconds(20);

    static RemoteRouter connect(String address) {
        return new RemoteRouter(
                address,
                ManagedChannelBuilder.forTarget("dns:///" + address)
                        .usePlaintext()
                        .maxInboundMessageSize(LARGEST_ANSWER)
                        .build());
    }

    /** What it knows of its experts; empty if it does not answer. */
    Optional<DescribeExpertsResponse> describe() {
        try {
            return Optional.of(call(
                    DESCRIPTION_TIMEOUT, stub -> stub.describeExperts(DescribeExpertsRequest.getDefaultInstance())));
        } catch (StatusRuntimeException failure) {
            Status.Code code = failure.getStatus().getCode();
            if (code == Status.Code.UNAVAILABLE || code == Status.Code.DEADLINE_EXCEEDED) {
                return Optional.empty();
            }
            throw named(failure);
        }
    }

    /** Moves experts, and says what the shards then hold. */
    PlaceExpertsResponse place(PlaceExpertsRequest request) {
        try {
            return call(Duration.ofMillis(request.getDeadlineMs()).plus(GRACE), stub -> stub.placeExperts(request));
        } catch (StatusRuntimeException failure) {
            throw named(failure);
        }
    }

    private <T> T call(Duration deadline, Function<RouterServiceBlockingStub, T> call) {
        return call.apply(RouterServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS));
    }

    private CommandFailedException named(StatusRuntimeException failure) {
        Status status = failure.getStatus();
        return new CommandFailedException(
                "the router at %s answers: %s (%s)".formatted(address, status.getDescription(), status.getCode()));
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
