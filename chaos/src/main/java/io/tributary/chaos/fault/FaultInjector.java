package io.tributary.chaos.fault;

import io.tributary.chaos.ChaosException;
import io.tributary.chaos.mesh.MeshMember;
import io.tributary.chaos.mesh.MeshObserver;
import io.tributary.chaos.mesh.MeshUnderTest;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Does to a mesh what a schedule says, and waits each time until the mesh is whole again. */
public final class FaultInjector {
    private static final Duration WHOLE_TIMEOUT = Duration.ofSeconds(60);
    /** The services' own time to shut down, and as much again. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

    /** A broker whose disk is full ends itself with the first record that it cannot write. */
    private static final Duration GIVE_UP_TIMEOUT = Duration.ofSeconds(30);

    private final MeshUnderTest mesh;
    private final MeshObserver observer;
    private final PauseLedger ledger;
    private final Consumer<String> progress;

    /** @param progress is told what happens, for people */
    public FaultInjector(MeshUnderTest mesh, MeshObserver observer, PauseLedger ledger, Consumer<String> progress) {
        this.mesh = mesh;
        this.observer = observer;
        this.ledger = ledger;
        this.progress = progress;
    }

    /**
     * Injects a fault, and waits for the recovery.
     *
     * @throws ChaosException when the mesh does not become whole again
     */
    public void inject(Fault fault) throws InterruptedException {
        observer.replayed();
        PauseLedger.Window window = ledger.open(fault.kind().label());
        try {
            carryOut(fault);
            if (!mesh.awaitWhole(WHOLE_TIMEOUT)) {
                throw new ChaosException(
                        "%d s after %s (number %d) not every lane has an owner, or a router lacks experts"
                                .formatted(
                                        WHOLE_TIMEOUT.toSeconds(), fault.kind().label(), fault.number()));
            }
        } finally {
            window.close();
        }
        tell("whole again after %d ms".formatted(window.length().toMillis()));
    }

    private void carryOut(Fault fault) throws InterruptedException {
        switch (fault.kind()) {
            case SHARD_KILL -> killAndRestart(List.of(anyShard(fault)), fault);
            case STAGE_KILL -> killAndRestart(mesh.shards(stageOf(fault)), fault);
            case BROKER_KILL, BROKER_OUTAGE -> killAndRestart(List.of(mesh.broker()), fault);
            case GATEWAY_KILL -> killAndRestart(List.of(chosen(mesh.gateways(), fault.choice())), fault);
            case DISK_FULL -> fillDisk(fault);
            case BROKER_RESTART -> restartBroker(fault);
            case SHARD_PAUSE -> pause(anyShard(fault), fault);
            case SCALE_OUT -> scaleOut(stageOf(fault));
            case SCALE_IN -> scaleIn(fault);
            case ROUTER_KILL -> killAndRestart(List.of(chosen(mesh.routers(), fault.choice())), fault);
            case ROUTER_PAUSE -> pause(chosen(mesh.routers(), fault.choice()), fault);
            case EXPERT_KILL -> killAndRestart(List.of(anyExpertShard(fault)), fault);
            case EXPERT_PAUSE -> pause(anyExpertShard(fault), fault);
            case EXPERT_OUTAGE -> killAndRestart(chosen(mesh.expertGroups(), fault.choice()), fault);
        }
    }

    private void killAndRestart(List<MeshMember> members, Fault fault) throws InterruptedException {
        tell(fault, members);
        members.forEach(MeshMember::kill);
        Thread.sleep(fault.outage());
        members.forEach(mesh::launch);
        members.forEach(mesh::awaitReady);
    }

    private void fillDisk(Fault fault) throws InterruptedException {
        tell(fault, List.of(mesh.broker()));
        mesh.broker().fillDisk();
        if (!mesh.broker().awaitExit(GIVE_UP_TIMEOUT)) {
            throw new ChaosException(
                    "the broker went on for %d s without room on its disk".formatted(GIVE_UP_TIMEOUT.toSeconds()));
        }
        Thread.sleep(fault.outage());
        mesh.launchAndAwait(mesh.broker());
    }

    private void restartBroker(Fault fault) throws InterruptedException {
        tell(fault, List.of(mesh.broker()));
        stop(mesh.broker());
        Thread.sleep(fault.outage());
        mesh.launchAndAwait(mesh.broker());
    }

    private void pause(MeshMember member, Fault fault) throws InterruptedException {
        tell(fault, List.of(member));
        member.pause();
        try {
            Thread.sleep(fault.outage());
        } finally {
            member.resume();
        }
        mesh.awaitReady(member);
    }

    private void scaleOut(int preferred) {
        int stage = hasExtraShard(preferred) ? (preferred + 1) % mesh.shape().stages() : preferred;
        MeshMember shard = mesh.addShard(stage);
        tell("scale-out of stage %d by %s".formatted(stage, shard.name()));
        mesh.launchAndAwait(shard);
    }

    private void scaleIn(Fault fault) throws InterruptedException {
        OptionalInt extra = IntStream.range(0, mesh.shape().stages())
                .filter(this::hasExtraShard)
                .findFirst();
        if (extra.isPresent()) {
            MeshMember shard = mesh.shards(extra.getAsInt()).getLast();
            tell("scale-in by %s".formatted(shard.name()));
            stop(shard);
            mesh.remove(shard);
        } else {
            MeshMember shard = anyShard(fault);
            tell(fault, List.of(shard));
            stop(shard);
            Thread.sleep(fault.outage());
            mesh.launchAndAwait(shard);
        }
    }

    private boolean hasExtraShard(int stage) {
        return mesh.shards(stage).size() > mesh.shape().replicas();
    }

    private void stop(MeshMember member) {
        if (!member.stop(STOP_TIMEOUT)) {
            tell("%s did not end within %d s and was killed".formatted(member.name(), STOP_TIMEOUT.toSeconds()));
        }
    }

    private int stageOf(Fault fault) {
        return fault.choice() % mesh.shape().stages();
    }

    private MeshMember anyShard(Fault fault) {
        return chosen(mesh.shards(stageOf(fault)), fault.choice() / mesh.shape().stages());
    }

    private MeshMember anyExpertShard(Fault fault) {
        return chosen(mesh.expertGroups().stream().flatMap(List::stream).toList(), fault.choice());
    }

    private static <T> T chosen(List<T> candidates, int choice) {
        return candidates.get(choice % candidates.size());
    }

    private void tell(Fault fault, List<MeshMember> members) {
        tell("%s of %s for %d ms"
                .formatted(
                        fault.kind().label(),
                        String.join(", ", members.stream().map(MeshMember::name).toList()),
                        fault.outage().toMillis()));
    }

    private void tell(String what) {
        progress.accept(what);
    }
}
