package io.tributary.chaos.mesh;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.StatusRuntimeException;
import io.tributary.proto.decoder.v1.DecoderServiceGrpc;
import io.tributary.proto.decoder.v1.DescribeShardRequest;
import io.tributary.proto.decoder.v1.DescribeShardResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Asks a shard how it stands. */
final class ShardProbe implements AutoCloseable {
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(2);

    private final ManagedChannel channel;

    ShardProbe(int grpcPort) {
        channel = ManagedChannelBuilder.forAddress("127.0.0.1", grpcPort)
                .usePlaintext()
                .build();
    }

    /** Empty if it does not answer. */
    Optional<DescribeShardResponse> describe() {
        channel.resetConnectBackoff();
        try {
            return Optional.of(DecoderServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(CALL_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                    .describeShard(DescribeShardRequest.getDefaultInstance()));
        } catch (StatusRuntimeException silent) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
