package io.tributary.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.rpc.Code;
import com.google.rpc.Status;
import io.tributary.kernels.FloatMatrix;
import io.tributary.models.RemoteExpertsException;
import io.tributary.models.experts.Routing;
import io.tributary.proto.log.v1.LayerRouting;
import io.tributary.proto.router.v1.RouteRequest;
import io.tributary.proto.router.v1.RouteResponse;
import io.tributary.proto.router.v1.SequenceFailure;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a stage asks routers, and what it makes of their answers. */
@Timeout(120)
class RouterClientTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(300);

    private final Arena arena = Arena.ofShared();
    private final FloatMatrix input = FloatMatrix.allocate(arena, 3, 2);
    private final FloatMatrix sums = FloatMatrix.allocate(arena, 3, 2);

    @AfterEach
    void free() {
        arena.close();
    }

    /** Asks for a layer of two sequences, of one and of two rows. */
    private void ask(RouterClient client, float value, @Nullable Routing routing) {
        for (int row = 0; row < input.rows(); row++) {
            input.set(row, 0, value);
            input.set(row, 1, -row);
        }
        client.begin(5, input, new int[] {1, 3, 99}, 2, routing != null);
        client.finish(sums, routing);
    }

    private static RouterClient client(Duration timeout, Duration absence, Integer... ports) {
        return new RouterClient(LocalRouters.on(ports), "fingerprint", timeout, absence);
    }

    private static RouteResponse.Builder response(RouteRequest request) {
        return RouteResponse.newBuilder().setRequestId(request.getRequestId());
    }

    private static Status status(Code code, String message) {
        return Status.newBuilder().setCode(code.getNumber()).setMessage(message).build();
    }

    @Test
    void aRequestSaysWhatItIsOfAndItsAnswerLandsInTheSums() {
        BlockingQueue<RouteRequest> requests = new LinkedBlockingQueue<>();
        Function<RouteRequest, Optional<RouteResponse>> answers = request -> {
            requests.add(request);
            return RouteStandIn.echo(request);
        };
        try (RouteStandIn router = new RouteStandIn(0, answers);
                RouterClient client = client(LONG, LONG, router.port())) {
            ask(client, 4, null);

            assertThat(sums.get(2, 0)).isEqualTo(4);
            assertThat(sums.get(2, 1)).isEqualTo(-2);
            RouteRequest request = requests.remove();
            assertThat(request.getLayer()).isEqualTo(5);
            assertThat(request.getPositions()).isEqualTo(3);
            assertThat(request.getSequenceLengthsList()).containsExactly(1, 2);
            assertThat(request.getModelFingerprint()).isEqualTo("fingerprint");
            assertThat(request.getReportsRouting()).isFalse();
        }
    }

    @Test
    void theChoicesComeWithTheSumsWhenTheyAreAskedFor() {
        LayerRouting chosen = LayerRouting.newBuilder()
                .addAllCounts(List.of(1, 0, 2))
                .addAllExperts(List.of(3, 1, 3))
                .addAllWeights(List.of(1f, 0.75f, 0.25f))
                .build();
        Routing routing = new Routing(4, 6);
        try (RouteStandIn router = new RouteStandIn(
                        0,
                        request -> Optional.of(response(request)
                                .setHiddenStates(request.getHiddenStates())
                                .setRouting(chosen)
                                .build()));
                RouterClient client = client(LONG, LONG, router.port())) {
            ask(client, 1, routing);
        }
        routing.group();
        assertThat(routing.count(3)).isEqualTo(2);
        assertThat(routing.row(3, 1)).isEqualTo(2);
        assertThat(routing.weight(1, 0)).isEqualTo(0.75f);
    }

    @Test
    void aRouterThatBreaksOrRefusesForNowIsLeftForAnother() {
        Function<RouteRequest, Optional<RouteResponse>> breaking = _ -> {
            throw new IllegalStateException("out of order");
        };
        try (RouteStandIn first = new RouteStandIn(0, breaking);
                RouteStandIn second = new RouteStandIn(
                        0,
                        request -> Optional.of(response(request)
                                .setError(status(Code.UNAVAILABLE, "busy"))
                                .build()));
                RouteStandIn good = new RouteStandIn(0, RouteStandIn::echo);
                RouterClient client = client(LONG, LONG, first.port(), second.port(), good.port())) {
            ask(client, 6, null);
            assertThat(sums.get(0, 0)).isEqualTo(6);

            int disturbed = first.requests() + second.requests();
            ask(client, 7, null);
            assertThat(sums.get(0, 0)).isEqualTo(7);
            assertThat(first.requests() + second.requests()).isEqualTo(disturbed);
        }
    }

    @Test
    void aSilentRouterIsLeftForAnotherBeforeTheTimeIsOver() {
        try (RouteStandIn silent = new RouteStandIn(0, _ -> Optional.empty());
                RouteStandIn good = new RouteStandIn(0, RouteStandIn::echo);
                RouterClient client = client(Duration.ofSeconds(12), LONG, silent.port(), good.port())) {
            // Whichever is asked first, the silent one is asked before there is an answer.
            good.answer(request -> silent.requests() == 0 ? Optional.empty() : RouteStandIn.echo(request));
            ask(client, 8, null);
            assertThat(sums.get(0, 0)).isEqualTo(8);
            assertThat(silent.requests()).isPositive();
        }
    }

    @Test
    void anAnswerThatComesLateIsTakenIfTheOtherRouterIsSilent() {
        AtomicInteger order = new AtomicInteger();
        CompletableFuture<Boolean> otherAsked = new CompletableFuture<>();
        Function<RouteRequest, Optional<RouteResponse>> answers = request -> {
            if (order.incrementAndGet() == 1) {
                return otherAsked.join() ? RouteStandIn.echo(request) : Optional.empty();
            }
            otherAsked.complete(true);
            return Optional.empty();
        };
        try (RouteStandIn first = new RouteStandIn(0, answers);
                RouteStandIn second = new RouteStandIn(0, answers);
                RouterClient client = client(Duration.ofSeconds(12), LONG, first.port(), second.port())) {
            ask(client, 2, null);
            assertThat(sums.get(0, 0)).isEqualTo(2);
            assertThat(first.requests() + second.requests()).isGreaterThan(1);
        }
    }

    @Test
    void aRouterThatIsAloneIsNotAskedAgainWhileItMayBeAtWork() {
        try (RouteStandIn slow = new RouteStandIn(0, request -> {
                    // Longer than the part of the time after which another router would be asked.
                    LockSupport.parkNanos(1_000_000_000);
                    return RouteStandIn.echo(request);
                });
                RouterClient client = client(Duration.ofSeconds(9), LONG, slow.port())) {
            ask(client, 3, null);
            assertThat(sums.get(0, 0)).isEqualTo(3);
            assertThat(slow.requests()).isEqualTo(1);
        }
    }

    @Test
    void whenNobodyAnswersTheRequestFailsAndNamesTheLastProblem() {
        try (RouteStandIn silent = new RouteStandIn(0, _ -> Optional.empty());
                RouterClient client = client(SHORT, LONG, silent.port())) {
            RemoteExpertsException failure =
                    catchThrowableOfType(RemoteExpertsException.class, () -> ask(client, 1, null));
            assertThat(failure.unavailable()).isTrue();
            assertThat(failure).hasMessageContaining("127.0.0.1:" + silent.port() + " has not answered");
        }
    }

    @Test
    void aSequenceThatFailsIsNamedWithItsReason() {
        SequenceFailure gone = SequenceFailure.newBuilder()
                .setSequence(1)
                .setError(status(Code.UNAVAILABLE, "no shard holds expert 3 of layer 5"))
                .build();
        try (RouteStandIn router = new RouteStandIn(
                        0,
                        request -> Optional.of(response(request)
                                .setHiddenStates(request.getHiddenStates())
                                .addFailures(gone)
                                .build()));
                RouterClient client = client(LONG, LONG, router.port())) {
            RemoteExpertsException failure =
                    catchThrowableOfType(RemoteExpertsException.class, () -> ask(client, 1, null));
            assertThat(failure.sequence()).isEqualTo(1);
            assertThat(failure.unavailable()).isTrue();
            assertThat(failure).hasMessage("no shard holds expert 3 of layer 5");
        }
    }

    @Test
    void whatIsWrongWithEveryRouterFailsAtOnceAsADefect() {
        try (RouteStandIn router = new RouteStandIn(
                        0,
                        request -> Optional.of(response(request)
                                .setError(status(Code.FAILED_PRECONDITION, "another model"))
                                .build()));
                RouterClient client = client(LONG, LONG, router.port())) {
            RemoteExpertsException failure =
                    catchThrowableOfType(RemoteExpertsException.class, () -> ask(client, 1, null));
            assertThat(failure.unavailable()).isFalse();
            assertThat(failure).hasMessageContaining("another model");
            assertThat(router.requests()).isEqualTo(1);

            router.answer(request -> Optional.of(response(request).build()));
            failure = catchThrowableOfType(RemoteExpertsException.class, () -> ask(client, 1, null));
            assertThat(failure).hasMessageContaining("0 bytes of hidden states instead of 24");
        }
    }

    @Test
    void withoutARouterRequestsFailUntilOneCanBeReached() {
        int port;
        try (RouteStandIn router = new RouteStandIn(0, RouteStandIn::echo)) {
            port = router.port();
        }
        try (RouterClient client = client(LONG, SHORT, port)) {
            for (int attempt = 0; attempt < 3; attempt++) {
                RemoteExpertsException failure =
                        catchThrowableOfType(RemoteExpertsException.class, () -> ask(client, 1, null));
                assertThat(failure.unavailable()).isTrue();
                assertThat(failure).hasMessageContaining("127.0.0.1:" + port).hasMessageContaining("can be reached");
            }
            try (RouteStandIn router = new RouteStandIn(port, RouteStandIn::echo)) {
                while (router.requests() == 0) {
                    var _ = catchThrowableOfType(RemoteExpertsException.class, () -> ask(client, 9, null));
                }
            }
            assertThat(sums.get(1, 0)).isEqualTo(9);
        }
    }
}
