package io.tributary.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.grpc.StatusException;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.tributary.log.ActivationLog;
import io.tributary.proto.gateway.v1.GatewayServiceGrpc;
import io.tributary.proto.gateway.v1.GenerateRequest;
import io.tributary.proto.gateway.v1.GenerateResponse;
import io.tributary.proto.log.v1.LaneRecord;
import jakarta.inject.Inject;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** The end of a client's call reaches the shards. */
@QuarkusTest
@WithTestResource(TokenizerStandIn.class)
class CallDeadlineTest {
    @Inject
    ActivationLog log;

    @ConfigProperty(name = "quarkus.grpc.server.test-port")
    int port;

    @Test
    void aDeadlineThatPassesEndsTheSession() throws Exception {
        ShardStandIn shard = new ShardStandIn(log);
        ManagedChannel channel = ManagedChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .build();
        try {
            var stream = GatewayServiceGrpc.newBlockingV2Stub(channel)
                    .withDeadlineAfter(3, TimeUnit.SECONDS)
                    .generate(GenerateRequest.newBuilder().setPrompt("?abc").build());
            GenerateResponse started = stream.read();
            assertThat(started).isNotNull();
            String session = started.getStarted().getSessionId();
            Status status = Status.OK;
            try {
                while (stream.read() != null) {
                    assertThat(shard.writtenOf(session)).noneMatch(LaneRecord::hasClose);
                }
            } catch (StatusException failure) {
                status = failure.getStatus();
            }

            assertThat(status.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
            shard.awaitWritten(session, LaneRecord::hasClose);
        } finally {
            channel.shutdownNow();
            shard.close();
        }
    }
}
