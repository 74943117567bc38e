package io.tributary.chaos.scale;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.chaos.Chaos;
import io.tributary.chaos.ChaosException;
import io.tributary.chaos.RunDirectory;
import io.tributary.chaos.fault.PauseLedger;
import io.tributary.chaos.load.LoadTally;
import io.tributary.chaos.mesh.MeshMember;
import io.tributary.chaos.mesh.MeshShape;
import io.tributary.chaos.mesh.MeshUnderTest;
import io.tributary.cli.WrongUsageException;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** `tributary chaos drain`: a shard of two is asked to end under load, and started again, several times. */
@Command(
        name = "drain",
        description = "Asks shards to end under load, and measures how long that holds streams up.",
        mixinStandardHelpOptions = true)
public final class DrainCommand implements Callable<Integer> {
    private static final MeshShape SHAPE = new MeshShape(2, 2, 1);
    private static final int MOST_TIMES = 1_000;
    private static final Duration HANDOVER_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration SETTLE = Duration.ofSeconds(8);

    @ParentCommand
    @Nullable
    Chaos chaos;

    @Option(names = "--times", paramLabel = "N", description = "How often a shard ends; default: ${DEFAULT-VALUE}.")
    int times = 4;

    @Override
    public Integer call() throws InterruptedException {
        Chaos command = Objects.requireNonNull(chaos);
        if (times < 1 || times > MOST_TIMES) {
            throw new WrongUsageException("--times is %d; 1 to %d are possible".formatted(times, MOST_TIMES));
        }
        int clients = command.sessions();
        long seed = command.seed();
        RunDirectory run = command.runDirectory();
        command.progress("seed " + seed);
        PauseLedger ledger = new PauseLedger();
        try (MeshUnderTest mesh = MeshUnderTest.start(SHAPE, Duration.ZERO, run.path());
                ConstantLoad load = ConstantLoad.on(mesh, ledger, clients, seed)) {
            for (int time = 0; time < times; time++) {
                drain(mesh, ledger, time);
                Thread.sleep(SETTLE);
            }
            LoadTally.Counts counts = load.end();
            counts.problems().forEach(command::progress);
            command.print(command.isJson() ? json(seed, ledger, counts) : table(ledger, counts));
            return command.finish(counts.mismatches() == 0 && counts.lost() == 0, run);
        }
    }

    /** The window ends before the shard starts again: what its coming costs is not what its going costs. */
    private static void drain(MeshUnderTest mesh, PauseLedger ledger, int time) throws InterruptedException {
        MeshMember shard = mesh.shards(time % SHAPE.stages()).get(time / SHAPE.stages() % SHAPE.replicas());
        PauseLedger.Window window = ledger.open(shard.name());
        try {
            if (!shard.stop(HANDOVER_TIMEOUT)) {
                throw new ChaosException(
                        "%s did not end within %d s".formatted(shard.name(), HANDOVER_TIMEOUT.toSeconds()));
            }
            requireWhole(mesh, shard);
            // The lanes have an owner; it has yet to replay them, without a starting process beside it.
            Thread.sleep(SETTLE);
        } finally {
            window.close();
        }
        mesh.launchAndAwait(shard);
        if (!mesh.awaitLanes(shard, HANDOVER_TIMEOUT)) {
            throw new ChaosException(shard.name() + " got no lane back");
        }
        requireWhole(mesh, shard);
    }

    private static void requireWhole(MeshUnderTest mesh, MeshMember shard) {
        if (!mesh.awaitWhole(HANDOVER_TIMEOUT)) {
            throw new ChaosException("not every lane has an owner after the end of " + shard.name());
        }
    }

    private static String table(PauseLedger ledger, LoadTally.Counts counts) {
        StringBuilder text = new StringBuilder(
                String.format(Locale.ROOT, "%-16s %18s %12s%n", "shard that ended", "longest pause, ms", "window, ms"));
        ledger.windows()
                .forEach(window -> text.append(String.format(
                        Locale.ROOT,
                        "%-16s %18d %12d%n",
                        window.name(),
                        window.longestPause().toMillis(),
                        window.length().toMillis())));
        return text.append(counts.line()).toString();
    }

    private static String json(long seed, PauseLedger ledger, LoadTally.Counts counts) {
        ObjectNode json = new ObjectMapper().createObjectNode().put("seed", seed);
        ArrayNode pauses = json.putArray("drains");
        ledger.windows()
                .forEach(window -> pauses.addObject()
                        .put("shard", window.name())
                        .put("longest_pause_ms", window.longestPause().toMillis()));
        return counts.addTo(json).toString();
    }
}
