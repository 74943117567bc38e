package io.tributary.chaos.scale;

import io.tributary.chaos.ChaosException;
import io.tributary.chaos.fault.PauseLedger;
import io.tributary.chaos.load.Gateways;
import io.tributary.chaos.load.Habit;
import io.tributary.chaos.load.Load;
import io.tributary.chaos.load.LoadTally;
import io.tributary.chaos.load.References;
import io.tributary.chaos.load.SessionPlan;
import io.tributary.chaos.load.SessionPlans;
import io.tributary.chaos.mesh.MeshUnderTest;
import io.tributary.proto.gateway.v1.GenerateRequest;
import java.time.Duration;
import java.util.List;

/** Clients that keep a mesh equally busy all the time, and a clock for phases of it. */
final class ConstantLoad implements AutoCloseable {
    private static final int PLANS = 16;
    private static final int TOKENS = 100;
    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final Duration END_TIMEOUT = Duration.ofMinutes(2);
    private static final double NANOS = 1e9;

    private final Gateways gateways;
    private final Load load;

    private ConstantLoad(Gateways gateways, Load load) {
        this.gateways = gateways;
        this.load = load;
    }

    /** Starts the clients, and lets the mesh get warm. */
    static ConstantLoad on(MeshUnderTest mesh, PauseLedger ledger, int clients, long seed) throws InterruptedException {
        Gateways gateways = new Gateways(mesh.gatewayPorts());
        List<SessionPlan> plans = SessionPlans.of(seed, PLANS, MeshUnderTest.VOCABULARY).stream()
                .map(ConstantLoad::ofEqualLength)
                .toList();
        References references = References.take(plans, gateways, clients);
        ConstantLoad started = new ConstantLoad(gateways, new Load(plans, references, gateways, ledger));
        started.load.start(clients, seed);
        Thread.sleep(WARM_UP);
        return started;
    }

    private static SessionPlan ofEqualLength(SessionPlan plan) {
        GenerateRequest request =
                plan.request().toBuilder().clearStop().setMaxTokens(TOKENS).build();
        return new SessionPlan(plan.number(), request, new Habit.ReadsToTheEnd());
    }

    /** What is done in a phase. */
    @FunctionalInterface
    interface Phase {
        void run() throws InterruptedException;
    }

    /** Tokens per second while a phase lasts. */
    double rateDuring(Phase phase) throws InterruptedException {
        long tokens = load.counts().tokens();
        long start = System.nanoTime();
        phase.run();
        return (load.counts().tokens() - tokens) * NANOS / (System.nanoTime() - start);
    }

    /** Lets the clients come to an end, and says what they went through. */
    LoadTally.Counts end() throws InterruptedException {
        if (!load.end(END_TIMEOUT)) {
            throw new ChaosException("clients still wait after " + END_TIMEOUT.toSeconds() + " s");
        }
        return load.counts();
    }

    @Override
    public void close() {
        load.close();
        gateways.close();
    }
}
