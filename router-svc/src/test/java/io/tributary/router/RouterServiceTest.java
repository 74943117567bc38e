package io.tributary.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse.ServingStatus;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.tributary.models.architecture.Gating;
import io.tributary.proto.router.v1.DescribeExpertsRequest;
import io.tributary.proto.router.v1.DescribeExpertsResponse;
import io.tributary.proto.router.v1.PlaceExpertsRequest;
import io.tributary.proto.router.v1.RouteRequest;
import io.tributary.proto.router.v1.RouterServiceGrpc;
import io.tributary.proto.router.v1.ShardPlacement;
import jakarta.inject.Inject;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TinyModelResource.class)
class RouterServiceTest {
    private static final long LONG_SECONDS = 30;

    @GrpcClient("router")
    Channel channel;

    /** Another connection, since one that is full of requests holds everything back. */
    @GrpcClient("router-of-shards")
    Channel shards;

    @Inject
    @Readiness
    RouterReadiness readiness;

    @Inject
    MeterRegistry registry;

    private GatedModel model;
    private LocalExperts experts;

    @BeforeEach
    void open() {
        model = TinyMixture.gated(TinyModelResource.directory(), new Gating.TopKThenSoftmax(2), 300);
        experts = new LocalExperts(model);
    }

    @AfterEach
    void close() {
        experts.close();
        model.close();
    }

    private RouteRequest request(long id, ByteString states) {
        return RouteRequest.newBuilder()
                .setRequestId(id)
                .setLayer(2)
                .setPositions(states.size() / TinyMixture.ROW_BYTES)
                .setHiddenStates(states)
                .setModelFingerprint(model.fingerprint())
                .build();
    }

    private RouterServiceGrpc.RouterServiceBlockingStub blocking() {
        return RouterServiceGrpc.newBlockingStub(channel).withDeadlineAfter(LONG_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void rowsOfStreamsAreComputedByShardsThatAttach() throws InterruptedException {
        try (CallingShard _ = new CallingShard(shards, experts, model, "one", "0-3");
                CallingShard _ = new CallingShard(shards, experts, model, "two", "4-7")) {
            List<RouteStreamClient> clients = List.of(new RouteStreamClient(channel), new RouteStreamClient(channel));
            for (int round = 0; round < 20; round++) {
                for (RouteStreamClient client : clients) {
                    client.send(request(round, RouterRig.states(round, 9)));
                }
                for (RouteStreamClient client : clients) {
                    assertThat(client.next().getHiddenStates())
                            .isEqualTo(experts.expected(2, RouterRig.states(round, 9), 9));
                }
            }
            assertThat(readiness.call().getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
            DescribeExpertsResponse description =
                    blocking().describeExperts(DescribeExpertsRequest.getDefaultInstance());
            assertThat(description.getShardsList()).hasSize(2);
            assertThat(description.getLoads(1).getPositions()).isGreaterThanOrEqualTo(2 * 20 * 9);
            for (RouteStreamClient client : clients) {
                client.complete();
                client.awaitEnd();
            }
        }
    }

    @Test
    void aClientThatTakesNoAnswersHoldsItsOwnRequestsBack() throws InterruptedException {
        int requests = 60;
        try (CallingShard _ = new CallingShard(shards, experts, model, "one", "0-7")) {
            RouteStreamClient client = RouteStreamClient.thatTakesNothing(channel);
            double before = registry.get("tributary.router.requests").counter().count();
            ByteString states = RouterRig.states(1, 300);
            for (int request = 0; request < requests; request++) {
                client.send(request(request, states));
            }
            await(() -> rowsUnderWay() >= TinyModelResource.STREAM_ROWS);
            double taken = registry.get("tributary.router.requests").counter().count() - before;
            assertThat(taken).isLessThan(requests / 2.0);
            client.takeAll();
            for (int answer = 0; answer < requests; answer++) {
                assertThat(client.next().getHiddenStates().size()).isEqualTo(states.size());
            }
            client.complete();
            client.awaitEnd();
        }
    }

    @Test
    void errorsOfPlacementsAreThoseOfTheCall() {
        try (CallingShard _ = new CallingShard(shards, experts, model, "one", "0-7")) {
            PlaceExpertsRequest request = PlaceExpertsRequest.newBuilder()
                    .addShards(ShardPlacement.newBuilder().setShardId("nobody").addExperts(1))
                    .build();
            assertThatExceptionOfType(StatusRuntimeException.class)
                    .isThrownBy(() -> blocking().placeExperts(request))
                    .satisfies(
                            failure -> assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND))
                    .withMessageContaining("nobody");
        }
    }

    @Test
    void aRouterWhoseExpertsNobodyHoldsIsNotReadyAndSaysWhich() {
        HealthCheckResponse response = readiness.call();
        assertThat(response.getStatus()).isEqualTo(HealthCheckResponse.Status.DOWN);
        assertThat(response.getData().orElseThrow())
                .containsEntry("shards", 0L)
                .containsEntry("experts without replica", "layer 0: 0-7; layer 2: 0-7");
    }

    @Test
    void aStreamThatIsCancelledLeavesNothingUnderWay() {
        RouteStreamClient client = new RouteStreamClient(channel);
        client.send(request(1, RouterRig.states(1, 9)));
        await(() -> rowsUnderWay() == 9);
        client.cancel();
        await(() -> rowsUnderWay() == 0);
        assertThat(rowsUnderWay()).isZero();
    }

    private double rowsUnderWay() {
        return registry.get("tributary.router.rows.under.way").gauge().value();
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONG_SECONDS);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    void healthIsServed() {
        assertThat(HealthGrpc.newBlockingStub(channel)
                        .check(HealthCheckRequest.getDefaultInstance())
                        .getStatus())
                .isEqualTo(ServingStatus.SERVING);
    }
}
