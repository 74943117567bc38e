package io.tributary.cli.placement;

import io.tributary.models.experts.ExpertSet;
import java.io.PrintStream;
import java.util.Locale;
import java.util.SortedMap;

/** A plan for people. */
final class PlanTable {
    private static final double MIB = 1 << 20;
    private static final double PERCENT = 100;

    private final PrintStream out;

    PlanTable(PrintStream out) {
        this.out = out;
    }

    void print(ExpertPlan plan) {
        ExpertLoads loads = plan.measured().loads();
        line(
                "%s%d experts in %d layers for %d shards of up to %d; loads: %s",
                plan.model().map(model -> model.name() + ": ").orElse(""),
                loads.experts(),
                loads.layers(),
                plan.names().size(),
                plan.slots(),
                plan.measured().origin());
        out.println();
        printShards(plan);
        out.println();
        line(
                "The busiest shard of a layer has %.2f times its even share of the rows (%s: %.2f);",
                plan.work().imbalance(),
                plan.present().isPresent() ? "as placed now" : "placed evenly",
                plan.workBefore().imbalance());
        line("so experts take %.2f of the time, as far as rows are what takes it.", 1 / plan.speedUp());
        line("For a mesh on this machine: mesh up --experts %s", plan.placement());
    }

    private void printShards(ExpertPlan plan) {
        int width = Math.max("--experts".length(), longest(plan));
        String row = "%-16s %-" + width + "s  %-" + width + "s %9s %12s";
        line(row, "shard", "--experts", "replicated", "rows", "weights");
        ShardWork work = plan.work();
        double total = work.total();
        for (int shard = 0; shard < plan.names().size(); shard++) {
            ExpertSet experts = plan.placement().shards().get(shard);
            line(
                    row,
                    plan.names().get(shard),
                    experts,
                    plan.replicated(shard),
                    String.format(Locale.ROOT, "%.1f %%", total == 0 ? 0 : PERCENT * work.rows(shard) / total),
                    plan.model()
                            .map(model -> String.format(Locale.ROOT, "%.1f MiB", model.bytes(experts) / MIB))
                            .orElse(""));
        }
    }

    /** What shards hold after a plan was followed. */
    void printHeld(SortedMap<String, ExpertSet> held) {
        out.println();
        line("%-16s %s", "shard", "holds now");
        held.forEach((name, experts) -> line("%-16s %s", name, experts));
    }

    private static int longest(ExpertPlan plan) {
        return plan.placement().shards().stream()
                .mapToInt(experts -> experts.toString().length())
                .max()
                .orElse(0);
    }

    private void line(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values).stripTrailing());
    }
}
