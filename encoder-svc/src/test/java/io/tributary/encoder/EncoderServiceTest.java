package io.tributary.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse.ServingStatus;
import io.grpc.Channel;
import io.grpc.Status;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Multi;
import io.tributary.proto.encoder.v1.EncodeRequest;
import io.tributary.proto.encoder.v1.MutinyEncoderServiceGrpc.MutinyEncoderServiceStub;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@QuarkusTest
class EncoderServiceTest {
    @GrpcClient("encoder")
    MutinyEncoderServiceStub encoder;

    @GrpcClient("encoder")
    Channel channel;

    @Test
    void encodeAnswersUnimplementedAndSaysSo() {
        assertThatThrownBy(() -> encoder.encode(Multi.createFrom().item(EncodeRequest.getDefaultInstance()))
                        .await()
                        .atMost(Duration.ofSeconds(10)))
                .satisfies(error -> {
                    Status status = Status.fromThrowable(error);
                    assertThat(status.getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
                    assertThat(status.getDescription()).contains("no encoder model");
                });
    }

    @Test
    void healthIsServed() {
        assertThat(HealthGrpc.newBlockingStub(channel)
                        .check(HealthCheckRequest.getDefaultInstance())
                        .getStatus())
                .isEqualTo(ServingStatus.SERVING);
    }
}
