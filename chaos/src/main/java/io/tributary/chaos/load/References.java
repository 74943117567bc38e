package io.tributary.chaos.load;

import io.tributary.chaos.ChaosException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What every request gives on an undisturbed mesh. */
public final class References {
    private static final Duration DEADLINE = Duration.ofMinutes(5);

    private final Map<Integer, ReceivedStream> byPlan;

    private References(Map<Integer, ReceivedStream> byPlan) {
        this.byPlan = byPlan;
    }

    /**
     * Runs every request once.
     *
     * @throws ChaosException when one does not come to its end
     */
    public static References take(List<SessionPlan> plans, Gateways gateways, int concurrency)
            throws InterruptedException {
        List<Callable<ReceivedStream>> sessions = new ArrayList<>();
        plans.forEach(plan -> sessions.add(() -> undisturbed(plan, gateways)));
        ExecutorService clients = Executors.newFixedThreadPool(
                concurrency, Thread.ofVirtual().name("reference-", 0).factory());
        try {
            List<Future<ReceivedStream>> streams = clients.invokeAll(sessions, DEADLINE.toSeconds(), TimeUnit.SECONDS);
            return new References(IntStream.range(0, plans.size())
                    .boxed()
                    .collect(Collectors.toMap(
                            index -> plans.get(index).number(), index -> resultOf(streams.get(index)))));
        } finally {
            clients.shutdownNow();
        }
    }

    private static ReceivedStream undisturbed(SessionPlan plan, Gateways gateways) throws InterruptedException {
        SplittableRandom random = new SplittableRandom(plan.number());
        SessionOutcome outcome = new ClientSession(plan.undisturbed(), gateways, (from, to) -> {}, random).run();
        ReceivedStream stream = outcome.stream();
        if (outcome.end() != SessionOutcome.End.COMPLETE
                || outcome.resumes() > 0
                || stream.violation().isPresent()) {
            throw new ChaosException("the undisturbed mesh did not answer plan %d: %s%s"
                    .formatted(
                            plan.number(), outcome.reason(), stream.violation().orElse("")));
        }
        return stream;
    }

    private static ReceivedStream resultOf(Future<ReceivedStream> stream) {
        return switch (stream.state()) {
            case SUCCESS -> stream.resultNow();
            case FAILED ->
                throw new ChaosException(
                        "no references: " + stream.exceptionNow().getMessage());
            case CANCELLED, RUNNING ->
                throw new ChaosException(
                        "no references: the mesh took longer than %d s".formatted(DEADLINE.toSeconds()));
        };
    }

    /** The reference of a plan. */
    ReceivedStream of(SessionPlan plan) {
        ReceivedStream stream = byPlan.get(plan.number());
        if (stream == null) {
            throw new IllegalArgumentException("no reference of plan " + plan.number());
        }
        return stream;
    }
}
