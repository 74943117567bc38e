package io.tributary.chaos.mesh;

import io.tributary.chaos.ChaosException;
import io.tributary.cli.mesh.Deadline;
import io.tributary.cli.mesh.MeshLauncher;
import io.tributary.cli.mesh.MeshProcess;
import io.tributary.cli.mesh.MeshState;
import io.tributary.cli.mesh.ProcessStart;
import io.tributary.proto.decoder.v1.DescribeShardResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

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
    private static final Duration START_TIMEOUT = Duration.ofMinutes(2);
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
    private final List<MeshMember> members = new CopyOnWriteArrayList<>();
    private final List<List<MeshMember>> shards;
    private final Map<MeshMember, ShardProbe> probes = new ConcurrentHashMap<>();
    private final Thread hook = new Thread(this::killAll, "kill-the-mesh");

    private MeshUnderTest(MeshShape shape, Duration warmUp, Path directory) throws IOException {
        this.shape = shape;
        this.warmUp = warmUp;
        this.state = new MeshState(directory);
        this.launcher = new MeshLauncher(state);
        this.model = LongContextModel.make(directory.resolve("model"), CONTEXT);
        this.broker = add(MemberKind.BROKER, launcher.broker().withFlags(SMALL_AND_SOON_COMPILED));
        this.shards = IntStream.range(0, shape.stages())
                .<List<MeshMember>>mapToObj(_ -> new CopyOnWriteArrayList<>())
                .toList();
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
            MeshMember decoder = shards.getFirst().get(gateway % shape.replicas());
            ProcessStart start =
                    launcher.gateway("gateway-" + gateway, broker.start(), tokenizer.start(), decoder.start(), 0, 0);
            add(MemberKind.GATEWAY, start.withFlags(SMALL_AND_SOON_COMPILED));
        }
        members.stream().filter(member -> member != broker).forEach(this::launch);
        Deadline deadline = Deadline.in(START_TIMEOUT);
        members.forEach(member -> member.awaitReady(deadline));
        if (!awaitWhole(START_TIMEOUT)) {
            throw new ChaosException("the shards did not share the lanes in time; the logs are in " + state.logs());
        }
    }

    private MeshMember add(MemberKind kind, ProcessStart start) {
        MeshMember member = new MeshMember(kind, start, launcher);
        members.add(member);
        return member;
    }

    /** Makes one more shard of a stage, which has still to be launched. */
    public MeshMember addShard(int stage) {
        List<MeshMember> siblings = shards.get(stage);
        String name = "decoder-%d-%d".formatted(stage, siblings.size());
        ProcessStart start = launcher.decoder(name, model, broker.start(), stage, shape.stages())
                .withFlags(SMALL)
                .withProperties(FRUGAL_DECODER)
                .withProperties(Map.of("tributary.decoder.warm-up", warmUp.toMillis() + "ms"));
        MeshMember shard = add(MemberKind.DECODER, start);
        siblings.add(shard);
        return shard;
    }

    /** Takes a shard out, for good; it has ended. */
    public void removeShard(MeshMember shard) {
        shards.forEach(siblings -> siblings.remove(shard));
        members.remove(shard);
        ShardProbe probe = probes.remove(shard);
        if (probe != null) {
            probe.close();
        }
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
        return List.copyOf(shards.get(stage));
    }

    /** The gateways, whether they run or not. */
    public List<MeshMember> gateways() {
        return members.stream()
                .filter(member -> member.kind() == MemberKind.GATEWAY)
                .toList();
    }

    /** The gateways' gRPC ports on loopback. */
    public List<Integer> gatewayPorts() {
        return gateways().stream().map(gateway -> gateway.start().grpcPort()).toList();
    }

    /** All processes, whether they run or not. */
    public List<MeshMember> members() {
        return List.copyOf(members);
    }

    /** Waits until every lane of every stage has exactly one owner; false if that takes too long. */
    public boolean awaitWhole(Duration deadline) {
        return await(deadline, () -> shards.stream().allMatch(this::ownsAllLanes));
    }

    private boolean ownsAllLanes(List<MeshMember> siblings) {
        List<Integer> owned = siblings.stream()
                .flatMap(shard -> describe(shard).stream())
                .map(DescribeShardResponse::getLanesList)
                .flatMap(List::stream)
                .sorted()
                .toList();
        return owned.equals(IntStream.range(0, LANES).boxed().toList());
    }

    /** Waits until a shard owns lanes; false if that takes too long. */
    public boolean awaitLanes(MeshMember shard, Duration deadline) {
        return await(
                deadline,
                () -> describe(shard)
                        .filter(description -> description.getLanesCount() > 0)
                        .isPresent());
    }

    /**
     * Waits until no shard has a session.
     *
     * @return how many the shards have that have some when the time is over; empty if there is a shard that does not answer
     */
    public OptionalInt awaitNoSessions(Duration deadline) {
        await(deadline, () -> liveSessions().equals(OptionalInt.of(0)));
        return liveSessions();
    }

    private OptionalInt liveSessions() {
        List<Optional<DescribeShardResponse>> descriptions =
                shards.stream().flatMap(List::stream).map(this::describe).toList();
        return descriptions.stream().allMatch(Optional::isPresent)
                ? OptionalInt.of(descriptions.stream()
                        .flatMap(Optional::stream)
                        .mapToInt(DescribeShardResponse::getLiveSessions)
                        .sum())
                : OptionalInt.empty();
    }

    private Optional<DescribeShardResponse> describe(MeshMember shard) {
        return probes.computeIfAbsent(shard, _ -> new ShardProbe(shard.start().grpcPort()))
                .describe();
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
        probes.values().forEach(ShardProbe::close);
        state.save(List.of());
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // The JVM is ending already, and the hook does the same.
        }
    }
}
