package io.tributary.cli.placement;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.cli.CommandFailedException;
import io.tributary.cli.DefaultModel;
import io.tributary.cli.ServerAddresses;
import io.tributary.cli.StandardOutput;
import io.tributary.cli.WrongUsageException;
import io.tributary.models.experts.ExpertSet;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** `tributary plan`: which shard should hold which experts, and on request has them do so. */
@Command(
        name = "plan",
        description = "Plans which shard holds which experts, by how much work each expert has: hot ones get replicas.")
public final class PlanCommand implements Callable<Integer> {
    private static final int MOST_SHARDS = 1024;
    private static final int MOST_SECONDS = 3600;
    private static final int MILLIS = 1000;

    @Option(names = "--model", paramLabel = "PATH", description = "A Hugging Face directory or a GGUF file.")
    @Nullable
    Path model;

    @Option(
            names = "--shards",
            paramLabel = "N",
            description = "Expert shards to plan for; default: those that are attached to the routers.")
    @Nullable
    Integer shards;

    @Option(
            names = "--slots",
            paramLabel = "K",
            description =
                    "Experts that a shard may hold; those to spare hold replicas. Default: the fewest that do, or what"
                            + " the attached shards hold.")
    @Nullable
    Integer slots;

    @Option(
            names = "--router",
            paramLabel = "HOST:PORT[,...]",
            description = "All routers of the mesh: plan with the work that they have measured.")
    @Nullable
    String router;

    @Option(names = "--text", paramLabel = "FILE", description = "Measure the work here, with a text.")
    @Nullable
    Path text;

    @Option(names = "--apply", description = "Have the attached shards hold what was planned, while sessions go on.")
    boolean apply;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            description = "Longest time for each router until the shards have loaded; default: ${DEFAULT-VALUE}.")
    int waitSeconds = 600;

    @Option(names = "--json", description = "One JSON object.")
    boolean json;

    @Override
    public Integer call() {
        check();
        if (router == null) {
            ModelExperts experts = ModelExperts.read(DefaultModel.orDefault(model));
            print(plan(experts), Optional.empty());
            return 0;
        }
        try (MeshRouters routers = new MeshRouters(ServerAddresses.parse("--router", router))) {
            ExpertPlan plan = plan(routers.describe());
            Optional<SortedMap<String, ExpertSet>> held =
                    apply ? Optional.of(routers.place(plan.byName(), waitSeconds * MILLIS)) : Optional.empty();
            print(plan, held);
        }
        return 0;
    }

    private void check() {
        requireBetweenOneAnd(MOST_SHARDS, shards, "--shards");
        requireBetweenOneAnd(ExpertSet.MAXIMAL_INDEX, slots, "--slots");
        requireBetweenOneAnd(MOST_SECONDS, waitSeconds, "--wait");
        if (router != null && text != null) {
            throw new WrongUsageException(
                    "--router and --text exclude each other: each says where the work is measured");
        }
        if (router == null && apply) {
            throw new WrongUsageException("--apply needs --router: routers tell shards what to hold");
        }
        if (router == null && shards == null) {
            throw new WrongUsageException("--shards is missing; say how many, or name the routers with --router");
        }
    }

    private static void requireBetweenOneAnd(int most, @Nullable Integer value, String option) {
        if (value != null && (value < 1 || value > most)) {
            throw new WrongUsageException("%s is %d; 1 to %d are possible".formatted(option, value, most));
        }
    }

    private ExpertPlan plan(ModelExperts experts) {
        MeasuredLoads measured = text == null
                ? MeasuredLoads.even(experts.layers().size(), experts.experts(), "none were measured")
                : TextLoads.measure(DefaultModel.orDefault(model), text);
        int count = shards == null ? 1 : shards;
        int room = room(experts.experts(), count, 0);
        List<String> names =
                IntStream.range(0, count).mapToObj(shard -> "shard " + shard).toList();
        return new ExpertPlan(
                measured, names, planned(measured, count, room), room, Optional.empty(), Optional.of(experts));
    }

    private ExpertPlan plan(AttachedExperts attached) {
        MeasuredLoads measured = attached.measured();
        int count = shards == null ? attached.shards().size() : shards;
        if (count == 0) {
            throw new CommandFailedException("no expert shard is attached; say with --shards how many there will be");
        }
        boolean same = count == attached.shards().size();
        if (apply && !same) {
            throw new CommandFailedException("--apply needs a plan for the %d attached shards; --shards is %d"
                    .formatted(attached.shards().size(), count));
        }
        int room = room(attached.experts(), count, attached.mostHeld());
        Placement planned = planned(measured, count, room);
        List<ExpertSet> held = List.copyOf(attached.shards().values());
        return new ExpertPlan(
                measured,
                same
                        ? List.copyOf(attached.shards().keySet())
                        : IntStream.range(0, count)
                                .mapToObj(shard -> "shard " + shard)
                                .toList(),
                same ? planned.matchedTo(held) : planned,
                room,
                same ? attached.placement() : Optional.empty(),
                attached.model(model));
    }

    /** How many experts a shard may hold. */
    private int room(int experts, int count, int held) {
        int room = slots == null ? Math.max(Math.ceilDiv(experts, count), held) : slots;
        return Math.min(room, experts);
    }

    private static Placement planned(MeasuredLoads measured, int shards, int slots) {
        try {
            return PlacementPlanner.plan(measured.loads(), shards, slots);
        } catch (IllegalArgumentException impossible) {
            throw new WrongUsageException(String.valueOf(impossible.getMessage()));
        }
    }

    private void print(ExpertPlan plan, Optional<SortedMap<String, ExpertSet>> held) {
        PrintStream out = StandardOutput.text();
        if (json) {
            ObjectNode object = PlanJson.of(plan);
            held.ifPresent(shards -> PlanJson.addHeld(object, shards));
            out.println(object);
        } else {
            PlanTable table = new PlanTable(out);
            table.print(plan);
            held.ifPresent(table::printHeld);
        }
        out.flush();
    }
}
