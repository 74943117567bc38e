package io.tributary.decoder;

import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import io.grpc.Status;
import io.tributary.edge.Routers;
import io.tributary.kernels.FloatMatrix;
import io.tributary.log.Backoff;
import io.tributary.models.RemoteExperts;
import io.tributary.models.RemoteExpertsException;
import io.tributary.models.experts.Routing;
import io.tributary.proto.router.v1.RouteRequest;
import io.tributary.proto.router.v1.RouteResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Has experts computed by any of the routers. A request that a router does not answer soon goes to another one, and whoever
 * answers first is taken: the answers have the same bits.
 */
final class RouterClient implements RemoteExperts, AutoCloseable {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    /** After such a part of the time without an answer the request is made again. */
    private static final int LONGEST_ATTEMPT = 3;

    /** Where there is another router, it is asked too after such a part of the time, and again after twice that. */
    private static final int FIRST_ATTEMPT = 12;

    private record Attempt(RouterConnection connection, long id, long begun, CompletableFuture<RouteResponse> answer) {}

    private final RouterConnections connections;
    private final RouterPatience patience;
    private final Duration timeout;
    private final Duration absence;
    private final String names;
    private final String fingerprint;
    private long ids;
    private @Nullable RouteRequest request;
    private @Nullable Attempt attempt;
    /** The first answer of any attempt at the request. */
    private CompletableFuture<RouteResponse> firstAnswer = new CompletableFuture<>();
    /** Attempts that were not answered soon enough to be waited for alone, but may be still. */
    private final List<Attempt> silent = new ArrayList<>();

    private long deadline;

    /**
     * @param fingerprint of the checkpoint
     * @param timeout after which a request that no router answers fails
     * @param absence how long requests wait while no router can be reached, from when the last one was lost, or from now
     */
    RouterClient(Routers routers, String fingerprint, Duration timeout, Duration absence) {
        this.patience = new RouterPatience(timeout);
        this.connections = new RouterConnections(routers, patience::renew);
        this.timeout = timeout;
        this.absence = absence;
        this.names = routers.names();
        this.fingerprint = fingerprint;
    }

    @Override
    public void begin(int layer, FloatMatrix input, int[] sequenceEnds, int sequences, boolean reportsRouting) {
        long bytes = (long) input.rows() * input.columns() * Float.BYTES;
        RouteRequest.Builder asked = RouteRequest.newBuilder()
                .setLayer(layer)
                .setPositions(input.rows())
                // A copy, since a request that was given up may be written later than this one's input changes.
                .setHiddenStates(
                        ByteString.copyFrom(input.data().asSlice(0, bytes).asByteBuffer()))
                .setModelFingerprint(fingerprint)
                .setReportsRouting(reportsRouting);
        int first = 0;
        for (int sequence = 0; sequence < sequences; sequence++) {
            asked.addSequenceLengths(sequenceEnds[sequence] - first);
            first = sequenceEnds[sequence];
        }
        RouteRequest complete = asked.build();
        request = complete;
        firstAnswer = new CompletableFuture<>();
        deadline = patience.deadline(System.nanoTime());
        attempt = attempt(complete, connections.any());
    }

    /** Each attempt has an id of its own: the router may be at work on an earlier one still. */
    private @Nullable Attempt attempt(RouteRequest asked, @Nullable RouterConnection connection) {
        if (connection == null) {
            return null;
        }
        ids++;
        CompletableFuture<RouteResponse> answer =
                connection.ask(asked.toBuilder().setRequestId(ids).build());
        CompletableFuture<RouteResponse> ofRequest = firstAnswer;
        var _ = answer.thenAccept(response -> {
            if (!response.hasError()) {
                ofRequest.complete(response);
            }
        });
        return new Attempt(connection, ids, System.nanoTime(), answer);
    }

    @Override
    public void finish(FloatMatrix sums, @Nullable Routing routing) {
        RouteRequest asked = Objects.requireNonNull(request, "no layer was begun");
        try {
            RoutedSums.take(answer(asked), asked, sums, routing);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new RemoteExpertsException(0, true, "interrupted while waiting for a router");
        } finally {
            request = null;
            attempt = null;
            silent.forEach(each -> each.connection().forget(each.id()));
            silent.clear();
        }
    }

    private RouteResponse answer(RouteRequest asked) throws InterruptedException {
        Backoff pauses = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
        long patienceOfAttempt = timeout.toNanos() / FIRST_ATTEMPT;
        while (true) {
            Attempt current = attempt;
            if (current == null) {
                attempt = attempt(asked, awaitRouter());
                continue;
            }
            String problem;
            try {
                RouteResponse response = (RouteResponse) CompletableFuture.anyOf(firstAnswer, current.answer())
                        .get(attemptNanos(patienceOfAttempt), TimeUnit.NANOSECONDS);
                if (!response.hasError()) {
                    return response;
                }
                problem = problem(response.getError(), current);
            } catch (ExecutionException broken) {
                problem = described(current, Status.fromThrowable(broken.getCause()));
            } catch (TimeoutException _) {
                if (isWorthWaiting(current)) {
                    continue;
                }
                silent.add(current);
                patienceOfAttempt = Math.min(2 * patienceOfAttempt, longestAttempt());
                problem = "router %s has not answered in time"
                        .formatted(current.connection().router());
            }
            connections.avoidLast();
            pause(pauses.next(), problem);
            attempt = attempt(asked, connections.any());
        }
    }

    private long attemptNanos(long patience) {
        return Math.max(0, Math.min(patience, deadline - System.nanoTime()));
    }

    private long longestAttempt() {
        return timeout.toNanos() / LONGEST_ATTEMPT;
    }

    /** A router that is alone is not asked the same soon again: it may be at work on it. */
    private boolean isWorthWaiting(Attempt current) {
        long now = System.nanoTime();
        return !connections.several() && now - current.begun() < longestAttempt() && deadline - now > 0;
    }

    private RouterConnection awaitRouter() throws InterruptedException {
        long absentUntil = connections.absentSince() + absence.toNanos();
        RouterConnection found = connections.await(absentUntil - deadline < 0 ? absentUntil : deadline);
        if (found == null) {
            patience.renew();
            throw new RemoteExpertsException(
                    0, true, "none of the routers %s can be reached; at least one must run".formatted(names));
        }
        return found;
    }

    /** @throws RemoteExpertsException if another router would say the same */
    private static String problem(com.google.rpc.Status error, Attempt from) {
        Code code = Code.forNumber(error.getCode());
        boolean elsewhere =
                switch (code) {
                    case UNAVAILABLE, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, ABORTED, CANCELLED, INTERNAL -> true;
                    case null, default -> false;
                };
        String problem = "router %s has refused: %s".formatted(from.connection().router(), error.getMessage());
        if (!elsewhere) {
            throw new RemoteExpertsException(0, false, problem);
        }
        return problem;
    }

    private static String described(Attempt attempt, Status status) {
        return "the stream to router %s has broken: %s %s"
                .formatted(attempt.connection().router(), status.getCode(), status.getDescription());
    }

    private void pause(Duration length, String problem) throws InterruptedException {
        long left = deadline - System.nanoTime();
        if (left <= length.toNanos()) {
            throw new RemoteExpertsException(0, true, "no router has computed them in time; at last, " + problem);
        }
        Thread.sleep(length);
    }

    @Override
    public void close() {
        connections.close();
    }
}
