package io.tributary.chaos.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/** Clients that run one session after the other until they are told to stop. */
public final class Load implements StreamListener, AutoCloseable {
    private final List<SessionPlan> plans;
    private final References references;
    private final Gateways gateways;
    private final StreamListener pauses;
    private final LoadTally tally = new LoadTally();
    private final AtomicLong next = new AtomicLong();
    private final List<Thread> clients = new ArrayList<>();
    private volatile boolean ending;

    /** @param pauses is told of every pause of every stream */
    public Load(List<SessionPlan> plans, References references, Gateways gateways, StreamListener pauses) {
        this.plans = List.copyOf(plans);
        this.references = references;
        this.gateways = gateways;
        this.pauses = pauses;
    }

    /**
     * Starts the clients.
     *
     * @param concurrency how many there are, each with one session at a time
     * @param seed of their jitter
     */
    public void start(int concurrency, long seed) {
        SplittableRandom seeds = new SplittableRandom(seed);
        for (int client = 0; client < concurrency; client++) {
            SplittableRandom random = seeds.split();
            clients.add(Thread.ofVirtual().name("client-" + client).start(() -> runSessions(random)));
        }
    }

    private void runSessions(SplittableRandom random) {
        try {
            while (!ending) {
                SessionPlan plan = plans.get((int) (next.getAndIncrement() % plans.size()));
                runSession(plan, random);
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void runSession(SessionPlan plan, SplittableRandom random) throws InterruptedException {
        try {
            SessionOutcome outcome = new ClientSession(plan, gateways, this, random).run();
            tally.count(plan, outcome, references.of(plan));
        } catch (RuntimeException failure) {
            tally.failed(plan, failure);
        }
    }

    @Override
    public void pause(long from, long to) {
        pauses.pause(from, to);
    }

    @Override
    public void token() {
        tally.token();
    }

    /** What the clients went through until now. */
    public LoadTally.Counts counts() {
        return tally.counts();
    }

    /**
     * Lets the clients end their sessions, and waits for them.
     *
     * @return whether all have ended in time
     */
    public boolean end(Duration deadline) throws InterruptedException {
        ending = true;
        long until = System.nanoTime() + deadline.toNanos();
        for (Thread client : clients) {
            if (!client.join(Duration.ofNanos(Math.max(1, until - System.nanoTime())))) {
                return false;
            }
        }
        return true;
    }

    /** Gives all sessions up at once. */
    @Override
    public void close() {
        ending = true;
        clients.forEach(Thread::interrupt);
    }
}
