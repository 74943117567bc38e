package io.tributary.chaos.mesh;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.StatusRuntimeException;
import io.tributary.proto.decoder.v1.DecoderServiceGrpc;
import io.tributary.proto.decoder.v1.DescribeShardRequest;
import io.tributary.proto.decoder.v1.DescribeShardResponse;
import io.tributary.proto.router.v1.DescribeExpertsRequest;
import io.tributary.proto.router.v1.DescribeExpertsResponse;
import io.tributary.proto.router.v1.RouterServiceGrpc;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Asks a process how it stands.
 *
 * @param <T> its answer
 */
final class Probe<T> implements AutoCloseable {
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(2);

    private final ManagedChannel channel;
    private final Function<Channel, T> question;

    private Probe(int grpcPort, Function<Channel, T> question) {
        this.channel = ManagedChannelBuilder.forAddress("127.0.0.1", grpcPort)
                .usePlaintext()
                .build();
        this.question = question;
    }

    /** Asks a shard of a stage. */
    static Probe<DescribeShardResponse> ofShard(int grpcPort) {
        return new Probe<>(
                grpcPort,
                channel -> DecoderServiceGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(CALL_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                        .describeShard(DescribeShardRequest.getDefaultInstance()));
    }

    /** Asks a router which expert shards are attached to it. */
    static Probe<DescribeExpertsResponse> ofRouter(int grpcPort) {
        return new Probe<>(
                grpcPort,
                channel -> RouterServiceGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(CALL_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                        .describeExperts(DescribeExpertsRequest.getDefaultInstance()));
    }

    /** Empty if it does not answer. */
    Optional<T> ask() {
        channel.resetConnectBackoff();
        try {
            return Optional.of(question.apply(channel));
        } catch (StatusRuntimeException silent) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
