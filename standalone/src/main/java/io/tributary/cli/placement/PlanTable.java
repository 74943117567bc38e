package io.tributary.cli.placement;

import io.tributary.models.experts.ExpertSet;
import java.io.PrintStream;
import java.util.Locale;
import java.util.SortedMap;

/** A plan for people. */
final class PlanTable {
    private static final double MIB = 1 << 20;
    private static final double PERCENT = 100;
    private static final String EXPERTS = "--experts";

    private final PrintStream out;

    PlanTable(PrintStream out) {
        this.out = out;
    }

    void print(ExpertPlan plan) {
        ExpertLoads loads = plan.measured().loads();
        out.println("%s%d experts in %d layers for %d shards of up to %d; loads: %s"
                .formatted(
                        plan.model().map(model -> model.name() + ": ").orElse(""),
                        loads.experts(),
                        loads.layers(),
                        plan.names().size(),
                        plan.slots(),
                        plan.measured().origin()));
        out.println();
        printShards(plan);
        out.println();
        printGain(plan);
        out.println("For a mesh on this machine: mesh up --experts " + plan.placement());
    }

    private void printShards(ExpertPlan plan) {
        int width = plan.placement().shards().stream()
                .mapToInt(experts -> experts.toString().length())
                .reduce(EXPERTS.length(), Math::max);
        String row = "%-16s %-" + width + "s  %-" + width + "s %9s %12s";
        out.println(
                row.formatted("shard", EXPERTS, "replicated", "rows", "weights").stripTrailing());
        ShardWork work = plan.work();
        double total = work.total();
        for (int shard = 0; shard < plan.names().size(); shard++) {
            ExpertSet experts = plan.placement().shards().get(shard);
            String share = String.format(Locale.ROOT, "%.1f %%", total == 0 ? 0 : PERCENT * work.rows(shard) / total);
            String weights = plan.model()
                    .map(model -> String.format(Locale.ROOT, "%.1f MiB", model.bytes(experts) / MIB))
                    .orElse("");
            out.println(row.formatted(plan.names().get(shard), experts, plan.replicated(shard), share, weights)
                    .stripTrailing());
        }
    }

    private void printGain(ExpertPlan plan) {
        out.println("The busiest shard of a layer has %s times its even share of the rows (%s: %s);"
                .formatted(
                        times(plan.work().imbalance()),
                        plan.present().isPresent() ? "as placed now" : "placed evenly",
                        times(plan.workBefore().imbalance())));
        out.println("so experts take %s of the time, as far as rows are what takes it."
                .formatted(times(1 / plan.speedUp())));
    }

    /** What shards hold after a plan was followed. */
    void printHeld(SortedMap<String, ExpertSet> held) {
        out.println();
        out.println("%-16s %s".formatted("shard", "holds now"));
        held.forEach((name, experts) -> out.println("%-16s %s".formatted(name, experts)));
    }

    private static String times(double factor) {
        return String.format(Locale.ROOT, "%.2f", factor);
    }
}
