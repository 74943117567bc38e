package io.tributary.chaos;

import io.tributary.chaos.fault.FaultKind;
import io.tributary.chaos.mesh.MeshShape;
import io.tributary.chaos.report.ChaosReport;
import io.tributary.chaos.report.JsonReport;
import io.tributary.chaos.report.TableReport;
import io.tributary.chaos.scale.DrainCommand;
import io.tributary.chaos.scale.ScaleCommand;
import io.tributary.cli.WrongUsageException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The `tributary chaos` command. Exit status: 0, 1 for a failure or if a stream was lost or not what it would have been
 * undisturbed, 2 for wrong usage.
 */
@Command(
        name = "tributary chaos",
        description =
                "Kills, pauses and restarts processes of a mesh under load, and compares every stream with what it"
                        + " is undisturbed.",
        mixinStandardHelpOptions = true,
        version = "tributary 0.1.0",
        subcommands = {ScaleCommand.class, DrainCommand.class})
public final class Chaos implements Callable<Integer> {
    private static final int STAGES = 2;
    private static final int REPLICAS = 2;
    private static final int GATEWAYS = 2;
    private static final int LONGEST_MINUTES = 7 * 24 * 60;
    private static final int MOST_SESSIONS = 100;
    private static final String NO_FAULTS = "none";

    @Spec
    @Nullable
    CommandSpec specification;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            description = "How long clients start sessions; default: ${DEFAULT-VALUE}.")
    int minutes = 2;

    @Option(
            names = "--seed",
            paramLabel = "S",
            scope = ScopeType.INHERIT,
            description = "Of the requests and the faults; default: one that is printed.")
    @Nullable
    Long seed;

    @Option(
            names = "--sessions",
            paramLabel = "N",
            scope = ScopeType.INHERIT,
            description = "Clients, each with one session at a time; default: ${DEFAULT-VALUE}.")
    int sessions = 24;

    @Option(
            names = "--faults",
            paramLabel = "KIND",
            split = ",",
            description = "Kinds of faults, or none for a soak: shard-kill, shard-pause, stage-kill, broker-restart,"
                    + " broker-kill, broker-outage, disk-full, gateway-kill, scale-out and scale-in, and with --experts"
                    + " router-kill, router-pause, expert-kill, expert-pause and expert-outage; default: all but"
                    + " broker-outage, which takes a minute.")
    @Nullable
    List<String> faults;

    @Mixin
    ExpertOptions experts = new ExpertOptions();

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "One JSON object instead of a table.")
    boolean json;

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description = "Where data and logs are kept; default: a temporary one, deleted if all was well.")
    @Nullable
    Path directory;

    /** Runs one command and exits with its status. */
    public static void main(String... arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Chaos()).setExecutionExceptionHandler((failure, command, parsed) -> {
            String message = failure.getMessage();
            command.getErr().println("tributary: " + (message == null ? failure.toString() : message));
            command.getErr().flush();
            return failure instanceof WrongUsageException
                    ? command.getCommandSpec().exitCodeOnInvalidInput()
                    : command.getCommandSpec().exitCodeOnExecutionException();
        });
    }

    @Override
    public Integer call() throws InterruptedException {
        if (minutes < 1 || minutes > LONGEST_MINUTES) {
            throw new WrongUsageException("--minutes is %d; 1 to %d are possible".formatted(minutes, LONGEST_MINUTES));
        }
        MeshShape shape = new MeshShape(STAGES, REPLICAS, GATEWAYS, experts.shape());
        Set<FaultKind> kinds = kinds(shape.experts().isPresent());
        int clients = sessions();
        RunDirectory run = runDirectory();
        ChaosReport report = new ChaosRun(
                        new ChaosSettings(
                                Duration.ofMinutes(minutes),
                                seed(),
                                clients,
                                kinds,
                                Integer.MAX_VALUE,
                                shape,
                                run.path()),
                        this::progress)
                .run();
        print(json ? JsonReport.of(report).toString() : TableReport.of(report));
        return finish(report.isGood(), run);
    }

    private Set<FaultKind> kinds(boolean withExperts) {
        if (faults == null) {
            return FaultKind.usual(withExperts);
        }
        if (faults.equals(List.of(NO_FAULTS))) {
            return Set.of();
        }
        Set<FaultKind> kinds = EnumSet.noneOf(FaultKind.class);
        faults.forEach(label -> kinds.add(FaultKind.of(label)
                .orElseThrow(() -> new WrongUsageException("--faults %s is none; there are %s, and %s for no faults"
                        .formatted(label, String.join(", ", FaultKind.labels()), NO_FAULTS)))));
        kinds.stream()
                .filter(kind -> kind.needsExperts() && !withExperts)
                .findFirst()
                .ifPresent(kind -> {
                    throw new WrongUsageException(
                            "--faults %s needs expert shards; --experts says how many".formatted(kind.label()));
                });
        return Collections.unmodifiableSet(kinds);
    }

    /** The seed that was given, or one that nobody knows. */
    public long seed() {
        return seed == null ? new SplittableRandom().nextInt(Integer.MAX_VALUE) : seed;
    }

    /**
     * The number of clients.
     *
     * @throws WrongUsageException if the mesh could not take so many
     */
    public int sessions() {
        if (sessions < 1 || sessions > MOST_SESSIONS) {
            throw new WrongUsageException("--sessions is %d; 1 to %d are possible".formatted(sessions, MOST_SESSIONS));
        }
        return sessions;
    }

    /** Whether JSON is wanted. */
    public boolean isJson() {
        return json;
    }

    /** The directory that was named, or a temporary one. */
    public RunDirectory runDirectory() {
        return RunDirectory.of(directory);
    }

    /** Tells the person at the terminal what happens. */
    public void progress(String what) {
        commandSpec().commandLine().getErr().println(what);
        commandSpec().commandLine().getErr().flush();
    }

    /** Writes what was asked for. */
    public void print(String result) {
        PrintWriter out = commandSpec().commandLine().getOut();
        out.println(result.stripTrailing());
        out.flush();
    }

    /** Keeps the directory if something was wrong, and gives the exit status. */
    public int finish(boolean good, RunDirectory run) {
        if (good) {
            run.discard();
            return 0;
        }
        progress("data and logs are in " + run.path());
        return commandSpec().exitCodeOnExecutionException();
    }

    private CommandSpec commandSpec() {
        if (specification == null) {
            throw new IllegalStateException("the command was not made by picocli");
        }
        return specification;
    }
}
