package io.tributary.router;

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
import io.tributary.proto.router.v1.MutinyRouterServiceGrpc.MutinyRouterServiceStub;
import io.tributary.proto.router.v1.RouteRequest;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@QuarkusTest
class RouterServiceTest {
    @GrpcClient("router")
    MutinyRouterServiceStub router;

    @GrpcClient("router")
    Channel channel;

    @Test
    void routeAnswersUnimplementedAndSaysSo() {
        assertThatThrownBy(() -> router.route(Multi.createFrom().item(RouteRequest.getDefaultInstance()))
                        .collect()
                        .last()
                        .await()
                        .atMost(Duration.ofSeconds(10)))
                .satisfies(error -> {
                    Status status = Status.fromThrowable(error);
                    assertThat(status.getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
                    assertThat(status.getDescription()).contains("no mixture-of-experts model");
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
