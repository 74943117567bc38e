package io.tributary.chaos.scale;

import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** `tributary chaos scale`: a stage from one shard to two and back, under constant load. */
@Command(
        name = "scale",
        description =
                "Measures what a second shard of a stage changes, and how long its coming and going hold streams up.",
        mixinStandardHelpOptions = true)
public final class ScaleCommand implements Callable<Integer> {
    private static final MeshShape SHAPE = new MeshShape(2, 1, 1);
    private static final int STAGE = 1;
    private static final int LONGEST_SECONDS = 3_600;
    private static final int LONGEST_WARM_UP_SECONDS = 60;
    private static final Duration HANDOVER_TIMEOUT = Duration.ofSeconds(60);

    @ParentCommand
    @Nullable
    Chaos chaos;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "How long each steady phase is measured; default: ${DEFAULT-VALUE}.")
    int seconds = 15;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            description = "Seconds that a shard computes made-up tokens before it takes lanes; default:"
                    + " ${DEFAULT-VALUE}.")
    int warmUp = 10;

    @Override
    public Integer call() throws InterruptedException {
        Chaos command = Objects.requireNonNull(chaos);
        if (seconds < 1 || seconds > LONGEST_SECONDS) {
            throw new WrongUsageException("--seconds is %d; 1 to %d are possible".formatted(seconds, LONGEST_SECONDS));
        }
        if (warmUp < 0 || warmUp > LONGEST_WARM_UP_SECONDS) {
            throw new WrongUsageException(
                    "--warm-up is %d; 0 to %d are possible".formatted(warmUp, LONGEST_WARM_UP_SECONDS));
        }
        int clients = command.sessions();
        long seed = command.seed();
        RunDirectory run = command.runDirectory();
        command.progress("seed " + seed);
        PauseLedger ledger = new PauseLedger();
        Map<String, Double> rates = new LinkedHashMap<>();
        try (MeshUnderTest mesh = MeshUnderTest.start(SHAPE, Duration.ofSeconds(warmUp), run.path());
                ConstantLoad load = ConstantLoad.on(mesh, ledger, clients, seed)) {
            measure(mesh, load, ledger, rates);
            LoadTally.Counts counts = load.end();
            counts.problems().forEach(command::progress);
            command.print(command.isJson() ? json(seed, rates, ledger, counts) : table(rates, ledger, counts));
            return command.finish(counts.mismatches() == 0 && counts.lost() == 0, run);
        }
    }

    private void measure(MeshUnderTest mesh, ConstantLoad load, PauseLedger ledger, Map<String, Double> rates)
            throws InterruptedException {
        Duration steady = Duration.ofSeconds(seconds);
        rates.put("one shard", load.rateDuring(() -> Thread.sleep(steady)));
        MeshMember second = mesh.addShard(STAGE);
        rates.put(
                "scale-out",
                load.rateDuring(() -> handOver(mesh, ledger, "scale-out", () -> {
                    mesh.launchAndAwait(second);
                    if (!mesh.awaitLanes(second, HANDOVER_TIMEOUT)) {
                        throw new ChaosException(second.name() + " got no lane");
                    }
                })));
        rates.put("two shards", load.rateDuring(() -> Thread.sleep(steady)));
        rates.put(
                "scale-in",
                load.rateDuring(() -> handOver(mesh, ledger, "scale-in", () -> {
                    second.stop(HANDOVER_TIMEOUT);
                    mesh.remove(second);
                })));
        rates.put("one shard again", load.rateDuring(() -> Thread.sleep(steady)));
    }

    private static void handOver(MeshUnderTest mesh, PauseLedger ledger, String name, ConstantLoad.Phase change)
            throws InterruptedException {
        PauseLedger.Window window = ledger.open(name);
        try {
            change.run();
            if (!mesh.awaitWhole(HANDOVER_TIMEOUT)) {
                throw new ChaosException("not every lane has an owner after the " + name);
            }
        } finally {
            window.close();
        }
    }

    private static String table(Map<String, Double> rates, PauseLedger ledger, LoadTally.Counts counts) {
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "%-18s %10s%n", "phase", "tokens/s"));
        rates.forEach((phase, rate) -> text.append(String.format(Locale.ROOT, "%-18s %10.1f%n", phase, rate)));
        ledger.windows()
                .forEach(window -> text.append(String.format(
                        Locale.ROOT,
                        "longest pause at %s: %d ms (whole after %d ms)%n",
                        window.name(),
                        window.longestPause().toMillis(),
                        window.length().toMillis())));
        return text.append(counts.line()).toString();
    }

    private static String json(long seed, Map<String, Double> rates, PauseLedger ledger, LoadTally.Counts counts) {
        ObjectNode json = new ObjectMapper().createObjectNode().put("seed", seed);
        ObjectNode tokens = json.putObject("tokens_per_second");
        rates.forEach((phase, rate) -> tokens.put(phase.replaceAll("[ -]", "_"), rate));
        ObjectNode pauses = json.putObject("longest_pause_ms");
        ledger.windows()
                .forEach(window -> pauses.put(
                        window.name().replace('-', '_'), window.longestPause().toMillis()));
        return counts.addTo(json).toString();
    }
}
