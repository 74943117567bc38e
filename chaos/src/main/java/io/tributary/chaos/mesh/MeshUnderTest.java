package io.tributary.chaos.mesh;

import io.tributary.chaos.ChaosException;
import io.tributary.cli.mesh.Deadline;
import io.tributary.cli.mesh.MeshLauncher;
import io.tributary.cli.mesh.MeshProcess;
import io.tributary.cli.mesh.MeshState;
import io.tributary.cli.mesh.ProcessStart;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/**
 * A mesh of processes on loopback, as small as they come. Closing it kills them all, and so does the end of this JVM; the
 * list of processes is where `tributary mesh down --directory` looks for it, for the case that this JVM is killed.
 */
public final class MeshUnderTest implements AutoCloseable {
    /** Positions that a sequence may have. */
    public static final int CONTEXT = 512;

    /** Ids that a token may have. */
    public static final int VOCABULARY = 2048;

    private static final int LANES = 8;
    private static final Duration START_TIMEOUT = Duration.ofMinutes(5);
    private static final long POLL_MILLIS = 100;
    private static final List<String> SMALL = List.of("-Xmx256m", "-XX:+UseSerialGC");
    // Only the decoders compute enough for the second compiler to be worth its own work; and it alone compiles vectors.
    private static final List<String> SMALL_AND_SOON_COMPILED =
            List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
    private static final Map<String, String> FRUGAL_DECODER = Map.of(
            "tributary.decoder.threads", "1",
            "tributary.decoder.kv-cache-size", "128M",
            "tributary.log.lanes", Integer.toString(LANES));

    private final MeshShape shape;
    private final Duration warmUp;
    private final MeshState state;
    private final MeshLauncher launcher;
    private final Path model;
    private final MeshMember broker;
    private final Optional<ExpertTier> experts;
    private final List<MeshMember> members = new CopyOnWriteArrayList<>();
    private final DecoderTier decoders;
    private final Thread hook = new Thread(this::killAll, "kill-the-mesh");

    private MeshUnderTest(MeshShape shape, Duration warmUp, Path directory) throws IOException {
        this.shape = shape;
        this.warmUp = warmUp;
        this.state = new MeshState(directory);
        this.launcher = new MeshLauncher(state);
        this.model = modelOf(shape, directory.resolve("model"));
        this.broker = add(MemberKind.BROKER, launcher.broker().withFlags(SMALL_AND_SOON_COMPILED));
        this.experts =
                shape.experts().map(spread -> new ExpertTier(spread, launcher, model, broker.start(), this::add));
        this.decoders = new DecoderTier(shape.stages(), LANES);
    }

    private static Path modelOf(MeshShape shape, Path directory) throws IOException {
        Path dense = LongContextModel.make(directory, CONTEXT);
        return shape.experts().isPresent() ? MixtureModel.make(dense, directory) : dense;
    }

    /**
     * Starts a mesh, and waits until all of it is ready.
     *
     * @param warmUp how long a shard computes made-up tokens before it takes lanes
     * @param directory for data and logs
     */
    public static MeshUnderTest start(MeshShape shape, Duration warmUp, Path directory) {
        try {
            MeshUnderTest mesh = new MeshUnderTest(shape, warmUp, directory);
            Runtime.getRuntime().addShutdownHook(mesh.hook);
            try {
                mesh.startAll();
                return mesh;
            } catch (RuntimeException failure) {
                mesh.close();
                throw failure;
            }
        } catch (IOException failure) {
            throw new ChaosException("%s cannot be written: %s".formatted(directory, failure.getMessage()));
        }
    }

    private void startAll() {
        launch(broker);
        broker.awaitReady(Deadline.in(START_TIMEOUT));
        MeshMember tokenizer =
                add(MemberKind.TOKENIZER, launcher.tokenizer(model).withFlags(SMALL_AND_SOON_COMPILED));
        for (int stage = 0; stage < shape.stages(); stage++) {
            for (int replica = 0; replica < shape.replicas(); replica++) {
                addShard(stage);
            }
        }
        for (int gateway = 0; gateway < shape.gateways(); gateway++) {
            MeshMember decoder = decoders.shards(0).get(gateway % shape.replicas());
            ProcessStart start =
                    launcher.gateway("gateway-" + gateway, broker.start(), tokenizer.start(), decoder.start(), 0, 0);
            add(MemberKind.GATEWAY, start.withFlags(SMALL_AND_SOON_COMPILED));
        }
        members.stream().filter(member -> member != broker).forEach(this::launch);
        Deadline deadline = Deadline.in(START_TIMEOUT);
        members.forEach(member -> member.awaitReady(deadline));
        if (!awaitWhole(START_TIMEOUT)) {
            throw new ChaosException("the mesh did not become whole in time; the logs are in " + state.logs());
        }
    }

    private MeshMember add(MemberKind kind, ProcessStart start) {
        MeshMember member = new MeshMember(kind, start, launcher);
        members.add(member);
        return member;
    }

    /** Makes one more shard of a stage, which has still to be launched. */
    public MeshMember addShard(int stage) {
        String name = "decoder-%d-%d".formatted(stage, decoders.shards(stage).size());
        ProcessStart start = launcher.decoder(name, model, broker.start(), stage, shape.stages())
                .withFlags(SMALL)
                .withProperties(FRUGAL_DECODER)
                .withProperties(Map.of("tributary.decoder.warm-up", warmUp.toMillis() + "ms"));
        MeshMember shard =
                add(MemberKind.DECODER, experts.map(tier -> tier.routed(start)).orElse(start));
        decoders.add(stage, shard);
        return shard;
    }

    /**
     * Starts a process that computes the mesh's model alone, experts and all, and waits until it is ready. It is no part of
     * the mesh, but ends with it.
     */
    public MeshMember startStandalone() {
        MeshMember standalone = add(
                MemberKind.STANDALONE, launcher.standalone("standalone", model).withFlags(SMALL));
        launchAndAwait(standalone);
        return standalone;
    }

    /** Takes a process out, for good; kills it if it has not ended. */
    public void remove(MeshMember member) {
        member.kill();
        decoders.remove(member);
        members.remove(member);
    }

    /** Starts a member, and does not wait until it is ready. */
    public void launch(MeshMember member) {
        member.launch();
        state.save(members.stream().flatMap(each -> each.process().stream()).toList());
    }

    /** Starts a member, and waits until it is ready. */
    public void launchAndAwait(MeshMember member) {
        launch(member);
        awaitReady(member);
    }

    /** Waits until a member is ready. */
    public void awaitReady(MeshMember member) {
        member.awaitReady(Deadline.in(START_TIMEOUT));
    }

    /** How the mesh was started. */
    public MeshShape shape() {
        return shape;
    }

    /** The broker. */
    public MeshMember broker() {
        return broker;
    }

    /** Where the broker keeps its data. */
    public Path brokerData() {
        return state.brokerData();
    }

    /** The shards of a stage, whether they run or not. */
    public List<MeshMember> shards(int stage) {
        return decoders.shards(stage);
    }

    /** The gateways, whether they run or not. */
    public List<MeshMember> gateways() {
        return members.stream()
                .filter(member -> member.kind() == MemberKind.GATEWAY)
                .toList();
    }

    /** The gateways' gRPC ports on loopback. */
    public List<Integer> gatewayPorts() {
        return gateways().stream().map(MeshMember::grpcPort).toList();
    }

    /** The routers, whether they run or not; none in a mesh without experts. */
    public List<MeshMember> routers() {
        return experts.map(ExpertTier::routers).orElse(List.of());
    }

    /** The expert shards, whether they run or not, by group: those of a group hold the same experts. */
    public List<List<MeshMember>> expertGroups() {
        return experts.map(ExpertTier::groups).orElse(List.of());
    }

    /** All processes, whether they run or not. */
    public List<MeshMember> members() {
        return List.copyOf(members);
    }

    /**
     * Waits until every lane of every stage has exactly one owner, and every router all expert shards; false if that takes
     * too long.
     */
    public boolean awaitWhole(Duration deadline) {
        return await(deadline, () -> decoders.isWhole() && experts.stream().allMatch(ExpertTier::isWhole));
    }

    /** Waits until a shard owns lanes; false if that takes too long. */
    public boolean awaitLanes(MeshMember shard, Duration deadline) {
        return await(deadline, () -> decoders.ownsLanes(shard));
    }

    /**
     * Waits until no shard has a session.
     *
     * @return how many the shards have that have some when the time is over; empty if there is a shard that does not answer
     */
    public OptionalInt awaitNoSessions(Duration deadline) {
        await(deadline, () -> decoders.liveSessions().equals(OptionalInt.of(0)));
        return decoders.liveSessions();
    }

    private static boolean await(Duration deadline, BooleanSupplier condition) {
        Deadline until = Deadline.in(deadline);
        while (!condition.getAsBoolean()) {
            if (until.passed()) {
                return false;
            }
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new ChaosException("interrupted while waiting for the mesh");
            }
        }
        return true;
    }

    private void killAll() {
        members.forEach(member -> member.process().ifPresent(MeshProcess::kill));
    }

    @Override
    public void close() {
        killAll();
        members.forEach(MeshMember::kill);
        decoders.close();
        experts.ifPresent(ExpertTier::close);
        state.save(List.of());
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // The JVM is ending already, and the hook does the same.
        }
    }
}
