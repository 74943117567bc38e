package io.tributary.chaos;

import io.tributary.chaos.fault.Fault;
import io.tributary.chaos.fault.FaultInjector;
import io.tributary.chaos.fault.FaultSchedule;
import io.tributary.chaos.fault.PauseLedger;
import io.tributary.chaos.load.Gateways;
import io.tributary.chaos.load.Load;
import io.tributary.chaos.load.References;
import io.tributary.chaos.load.SessionPlan;
import io.tributary.chaos.load.SessionPlans;
import io.tributary.chaos.mesh.MeshFigures;
import io.tributary.chaos.mesh.MeshMember;
import io.tributary.chaos.mesh.MeshObserver;
import io.tributary.chaos.mesh.MeshUnderTest;
import io.tributary.chaos.report.ChaosReport;
import io.tributary.chaos.report.ChaosReport.InjectedFault;
import io.tributary.cli.mesh.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** One run: a mesh, references, load, faults, and the report. */
public final class ChaosRun {
    private static final int PLANS = 64;
    private static final Duration LAST_SESSIONS_TIMEOUT = Duration.ofMinutes(4);
    private static final Duration FREED_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration SOAK_STEP = Duration.ofMillis(500);

    private final ChaosSettings settings;
    private final Consumer<String> progress;

    /** @param progress is told what happens, for people */
    public ChaosRun(ChaosSettings settings, Consumer<String> progress) {
        this.settings = settings;
        this.progress = progress;
    }

    /**
     * Makes the run, and ends all of its processes, whatever happens.
     *
     * @throws ChaosException when it cannot be brought to its end
     */
    public ChaosReport run() throws InterruptedException {
        progress.accept("seed " + settings.seed());
        try (MeshUnderTest mesh = MeshUnderTest.start(settings.shape(), Duration.ZERO, settings.directory());
                MeshObserver observer = new MeshObserver(mesh);
                Gateways gateways = new Gateways(mesh.gatewayPorts())) {
            List<SessionPlan> plans = SessionPlans.of(settings.seed(), PLANS, MeshUnderTest.VOCABULARY);
            progress.accept("%d processes are ready; taking %d references"
                    .formatted(mesh.members().size(), plans.size()));
            References references = references(plans, mesh, gateways);
            MeshFigures first = observer.figures();
            PauseLedger ledger = new PauseLedger();
            long start = System.nanoTime();
            try (Load load = new Load(plans, references, gateways, ledger)) {
                load.start(settings.sessions(), settings.seed());
                disturb(load, new FaultInjector(mesh, observer, ledger, progress));
                Duration length = Duration.ofNanos(System.nanoTime() - start);
                OptionalInt left = mesh.awaitNoSessions(FREED_TIMEOUT);
                List<InjectedFault> faults = ledger.windows().stream()
                        .map(window -> new InjectedFault(
                                window.name(), window.longestPause().toMillis()))
                        .toList();
                return new ChaosReport(
                        settings.seed(),
                        length,
                        load.counts(),
                        faults,
                        left,
                        observer.replayed(),
                        first,
                        observer.figures());
            }
        }
    }

    /** Of a mesh with expert shards: what a single process makes of the requests, which computes the experts itself. */
    private References references(List<SessionPlan> plans, MeshUnderTest mesh, Gateways gateways)
            throws InterruptedException {
        if (settings.shape().experts().isEmpty()) {
            return References.take(plans, gateways, settings.sessions());
        }
        MeshMember standalone = mesh.startStandalone();
        try (Gateways direct = new Gateways(List.of(standalone.grpcPort()))) {
            return References.take(plans, direct, settings.sessions());
        } finally {
            mesh.remove(standalone);
        }
    }

    /** Injects the faults, and lets the clients come to an end. */
    private void disturb(Load load, FaultInjector injector) throws InterruptedException {
        try {
            injectFaults(injector);
            progress.accept("waiting for the last sessions");
            if (!load.end(LAST_SESSIONS_TIMEOUT)) {
                throw new ChaosException("clients still wait after " + LAST_SESSIONS_TIMEOUT.toSeconds() + " s");
            }
        } catch (RuntimeException failure) {
            // The report will not be made, and these may be the reason.
            load.counts().problems().forEach(progress);
            throw failure;
        }
    }

    private void injectFaults(FaultInjector injector) throws InterruptedException {
        Deadline end = Deadline.in(settings.length());
        if (settings.kinds().isEmpty()) {
            while (!end.passed()) {
                Thread.sleep(SOAK_STEP);
            }
            return;
        }
        FaultSchedule schedule = new FaultSchedule(settings.seed(), settings.kinds());
        for (int injected = 0; injected < settings.mostFaults() && !end.passed(); injected++) {
            Fault fault = schedule.next();
            Thread.sleep(fault.settle());
            injector.inject(fault);
        }
    }
}
