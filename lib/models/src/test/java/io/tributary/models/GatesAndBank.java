package io.tributary.models;

import io.tributary.checkpoints.Checkpoint;
import io.tributary.kernels.FloatMatrix;
import io.tributary.kernels.WorkPool;
import io.tributary.models.architecture.Architecture;
import io.tributary.models.experts.ExpertSet;
import io.tributary.models.experts.ExpertSum;
import io.tributary.models.experts.Routing;
import io.tributary.models.packing.PackingCache;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Experts beside a stage, in several banks, computed with nothing but the public gates and banks. */
final class GatesAndBank implements RemoteExperts, AutoCloseable {
    private final ExpertGates gates;
    private final List<ExpertBank> banks;
    private int layer = -1;
    private @Nullable FloatMatrix input;
    private int[] ends = {};
    private int failing = -1;

    /** @param shares the experts of each bank */
    GatesAndBank(
            Checkpoint checkpoint, Architecture architecture, WorkPool pool, int maximalRows, List<ExpertSet> shares) {
        gates = ExpertGates.load(checkpoint, architecture, pool, maximalRows);
        int layers = architecture.layers().size();
        banks = shares.stream()
                .map(share -> {
                    ExpertBank bank =
                            ExpertBank.open(checkpoint, architecture, 0, layers, pool, maximalRows, PackingCache.off());
                    share.indices().forEach(bank::add);
                    return bank;
                })
                .toList();
    }

    /** From now on the experts cannot be had for the sequence of that index. */
    void fail(int sequence) {
        failing = sequence;
    }

    @Override
    public void begin(int layer, FloatMatrix input, int[] sequenceEnds, int sequences, boolean reportsRouting) {
        this.layer = layer;
        this.input = input;
        this.ends = Arrays.copyOf(sequenceEnds, sequences);
    }

    @Override
    public void finish(FloatMatrix sums, @Nullable Routing routing) {
        FloatMatrix rows = Objects.requireNonNull(input);
        if (failing >= 0) {
            throw new RemoteExpertsException(failing, true, "expert 1 is gone");
        }
        ExpertGate gate = gates.layer(layer);
        gate.apply(rows);
        Routing chosen = gate.newRouting();
        int first = 0;
        for (int end : ends) {
            gate.route(first, end, chosen);
            if (routing != null) {
                gate.route(first, end, routing);
            }
            first = end;
        }
        chosen.group();
        ExpertSum.begin(sums);
        for (int expert = 0; expert < gate.experts(); expert++) {
            compute(expert, chosen, rows, sums);
        }
    }

    private void compute(int expert, Routing chosen, FloatMatrix rows, FloatMatrix sums) {
        int count = chosen.count(expert);
        if (count == 0) {
            return;
        }
        ExpertBank bank = banks.stream()
                .filter(each -> each.holds(layer, expert))
                .findFirst()
                .orElseThrow();
        FloatMatrix inputs = bank.input(count);
        for (int index = 0; index < count; index++) {
            inputs.row(index).copyFrom(rows.row(chosen.row(expert, index)));
        }
        FloatMatrix outputs = bank.compute(layer, expert, count);
        for (int index = 0; index < count; index++) {
            ExpertSum.add(
                    outputs.row(index),
                    chosen.weight(expert, index),
                    sums.row(chosen.row(expert, index)),
                    rows.columns());
        }
    }

    @Override
    public void close() {
        banks.forEach(ExpertBank::close);
        gates.close();
    }
}
