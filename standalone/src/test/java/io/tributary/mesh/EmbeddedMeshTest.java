package io.tributary.mesh;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.quarkus.test.junit.QuarkusTest;
import io.tributary.proto.decoder.v1.DecoderServiceGrpc;
import io.tributary.proto.decoder.v1.DescribeShardRequest;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.AfterAll;

/** The mesh in one JVM, reached through its gRPC port. */
@QuarkusTest
class EmbeddedMeshTest extends GatewayContract {
    private static final int PORT = 19107;
    private static final ManagedChannel CHANNEL =
            ManagedChannelBuilder.forAddress("127.0.0.1", PORT).usePlaintext().build();

    @AfterAll
    static void close() {
        CHANNEL.shutdownNow();
    }

    @Override
    ManagedChannel gatewayChannel() {
        return CHANNEL;
    }

    @Override
    Collection<Integer> liveSessions() {
        return List.of(DecoderServiceGrpc.newBlockingStub(CHANNEL)
                .describeShard(DescribeShardRequest.getDefaultInstance())
                .getLiveSessions());
    }
}
