package io.tributary.router;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import com.google.rpc.Status;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tributary.edge.ExpertConfiguration.Transport;
import io.tributary.edge.ExpertLoadMetrics;
import io.tributary.log.InProcessLog;
import io.tributary.log.LaneBounds;
import io.tributary.models.architecture.Gating;
import io.tributary.proto.router.v1.RouteRequest;
import io.tributary.proto.router.v1.RouteResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunningRouterTest {
    private static final long LONG_SECONDS = 30;
    private static final ByteString STATES = RouterRig.states(6, 50);

    /** A client that takes all and is asked for nothing that it does not send anyway. */
    private static final class Client implements RouteOutlet {
        private final BlockingQueue<RouteResponse> responses = new LinkedBlockingQueue<>();
        private final BlockingQueue<Status> failures = new LinkedBlockingQueue<>();
        private final RouteStream stream = new RouteStream(this);

        @Override
        public boolean ready() {
            return true;
        }

        @Override
        public void send(RouteResponse response) {
            responses.add(response);
        }

        @Override
        public void ask() {}

        @Override
        public void end() {}

        @Override
        public void fail(Status reason) {
            failures.add(reason);
        }
    }

    @TempDir
    Path directory;

    private final InProcessLog log = new InProcessLog(TinyMixture.EXPERTS, LaneBounds.DEFAULT);
    private Client client = new Client();
    private GatedModel reference;
    private LocalExperts experts;

    @BeforeEach
    void open() {
        reference = model();
        experts = new LocalExperts(reference);
    }

    @AfterEach
    void close() {
        experts.close();
        reference.close();
        log.close();
    }

    private GatedModel model() {
        return TinyMixture.gated(
                TinyMixture.write(directory, 17), new Gating.TopKThenSoftmax(2), RouterRig.WINDOW_ROWS);
    }

    private RunningRouter start(Transport transport) {
        RunningRouter router =
                RunningRouter.start(model(), RouterRig.LIMITS, transport, 1, _ -> log, new SimpleMeterRegistry());
        router.execute(each -> each.open(client.stream));
        return router;
    }

    private static RouteRequest request(RunningRouter router, int layer) {
        return RouteRequest.newBuilder()
                .setRequestId(layer)
                .setLayer(layer)
                .setPositions(50)
                .setHiddenStates(STATES)
                .setModelFingerprint(router.model().fingerprint())
                .build();
    }

    private void assertAnswered(RunningRouter router, int layer) throws InterruptedException {
        router.execute(each -> each.request(client.stream, request(router, layer)));
        RouteResponse response = client.responses.poll(LONG_SECONDS, TimeUnit.SECONDS);
        assertThat(response).isNotNull();
        assertThat(response.getFailuresList()).isEmpty();
        assertThat(response.getHiddenStates()).isEqualTo(experts.expected(layer, STATES, 50));
    }

    @Test
    void expertsOfThisProcessAnswerWithTheSameBits() throws InterruptedException {
        try (RunningRouter router = start(Transport.DIRECT)) {
            assertAnswered(router, 0);
            assertAnswered(router, 2);
            assertThat(router.attachments()).isEmpty();
            assertThat(router.router().directory().standing().absences()).isEmpty();
        }
    }

    @Test
    void whatTheGatesHaveChosenIsPublished() throws InterruptedException {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (RunningRouter router = start(Transport.DIRECT)) {
            ExpertLoads.register(
                    new ExpertLoadMetrics(registry, "tiny", 16), router.router().statistics());

            assertAnswered(router, 2);

            assertThat(registry.get("tributary.experts.positions")
                            .tag("layer", "2")
                            .functionCounter()
                            .count())
                    .isEqualTo(50);
            assertThat(registry.get("tributary.experts.chosen").tag("layer", "2").functionCounters().stream()
                            .mapToDouble(FunctionCounter::count)
                            .sum())
                    .isEqualTo(100);
            assertThat(registry.get("tributary.experts.pairs").tag("layer", "2").functionCounters().stream()
                            .mapToDouble(FunctionCounter::count)
                            .sum())
                    .isEqualTo(50);
            assertThat(registry.get("tributary.experts.positions")
                            .tag("layer", "0")
                            .functionCounter()
                            .count())
                    .isZero();
        }
    }

    @Test
    void shardsThatAreReachedOverTheLogAnswerWithTheSameBits() throws InterruptedException {
        try (RunningRouter router = start(Transport.KAFKA);
                LogShard one = new LogShard(log, experts, "one");
                LogShard two = new LogShard(log, experts, "two")) {
            one.attach(router, "0-4");
            two.attach(router, "3-7");
            assertAnswered(router, 0);
            assertAnswered(router, 2);
        }
    }

    @Test
    void aModelWithoutExpertsHasNothingToRouteAndTakesNoShards() throws InterruptedException {
        TinyMixture.write(directory, 17, List.of());
        for (Transport transport : Transport.values()) {
            client = new Client();
            try (RunningRouter router = RunningRouter.start(
                    GatedModel.load(directory, Optional.empty(), 1, RouterRig.WINDOW_ROWS),
                    RouterRig.LIMITS,
                    transport,
                    1,
                    _ -> log,
                    new SimpleMeterRegistry())) {
                assertThat(router.attachments()).isEmpty();
                assertThat(router.router().directory().standing().absences()).isEmpty();
                router.execute(each -> each.open(client.stream));
                router.execute(each -> each.request(client.stream, request(router, 0)));
                RouteResponse response = client.responses.poll(LONG_SECONDS, TimeUnit.SECONDS);
                assertThat(response).isNotNull();
                assertThat(response.getError().getMessage()).contains("layer: 0 has no experts");
            }
        }
    }

    @Test
    void aRouterThatIsClosedEndsItsStreams() throws InterruptedException {
        start(Transport.GRPC).close();
        Status failure = client.failures.poll(LONG_SECONDS, TimeUnit.SECONDS);
        assertThat(failure).isNotNull();
        assertThat(failure.getCode()).isEqualTo(Code.UNAVAILABLE_VALUE);
        assertThat(failure.getMessage()).contains("shutting down");
    }
}
