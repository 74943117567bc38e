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
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Has experts computed by any of the routers. A request that a router does not answer goes to another one: the answers have the
 * same bits whoever gives them, so nothing is lost if both do.
 */
final class RouterClient implements RemoteExperts, AutoCloseable {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    /** A router that is silent for such a part of the time is asked again. */
    private static final int LONGEST_ATTEMPT = 3;

    /** Where there is another router, the first one is left for it after such a part of the time, each later one after twice that. */
    private static final int FIRST_ATTEMPT = 12;

    private record Attempt(RouterConnection connection, long id, CompletableFuture<RouteResponse> answer) {}

    private final RouterConnections connections;
    private final RouterPatience patience;
    private final Duration timeout;
    private final Duration absence;
    private final String names;
    private final String fingerprint;
    private long ids;
    private @Nullable RouteRequest request;
    private @Nullable Attempt attempt;
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
        deadline = patience.deadline(System.nanoTime());
        attempt = attempt(complete, connections.any());
    }

    /** Each attempt has an id of its own: the router may be at work on an earlier one still. */
    private @Nullable Attempt attempt(RouteRequest asked, @Nullable RouterConnection connection) {
        if (connection == null) {
            return null;
        }
        ids++;
        return new Attempt(
                connection,
                ids,
                connection.ask(asked.toBuilder().setRequestId(ids).build()));
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
                RouteResponse response = current.answer().get(attemptNanos(patienceOfAttempt), TimeUnit.NANOSECONDS);
                if (!response.hasError()) {
                    return response;
                }
                problem = problem(response.getError(), current);
            } catch (ExecutionException broken) {
                problem = described(current, Status.fromThrowable(broken.getCause()));
            } catch (TimeoutException _) {
                current.connection().forget(current.id());
                patienceOfAttempt *= 2;
                problem = "router %s has not answered in time"
                        .formatted(current.connection().router());
            }
            connections.avoidLast();
            pause(pauses.next(), problem);
            attempt = attempt(asked, connections.any());
        }
    }

    /** A router that is alone is not asked the same soon again: it may be at work on it. */
    private long attemptNanos(long amongSeveral) {
        long longest = timeout.toNanos() / LONGEST_ATTEMPT;
        long attemptLimit = connections.several() ? Math.min(amongSeveral, longest) : longest;
        return Math.max(0, Math.min(attemptLimit, deadline - System.nanoTime()));
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
