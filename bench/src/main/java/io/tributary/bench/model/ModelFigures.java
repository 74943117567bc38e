package io.tributary.bench.model;

import io.tributary.bench.machine.MachineDescription;
import io.tributary.models.packing.PackingUse;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The result of a benchmark of a whole model.
 *
 * @param model what the checkpoint is called
 * @param workload what was done in each repetition
 * @param repetitions how often
 * @param firstToken when it came
 * @param traffic what the weights cost
 * @param limits of the machine in the same run
 * @param ours what this engine did
 * @param peer what the other engine did
 * @param machine where
 */
record ModelFigures(
        String model,
        Workload workload,
        int repetitions,
        FirstToken firstToken,
        WeightTraffic traffic,
        Limits limits,
        EngineFigures ours,
        Optional<EngineFigures> peer,
        MachineDescription machine) {

    /**
     * The first token of all.
     *
     * @param seconds from the start of loading, in a JVM that had compiled nothing yet
     * @param packing where the weights came from
     */
    record FirstToken(double seconds, PackingUse packing) {}

    /**
     * Limits of the machine over all repetitions.
     *
     * @param readRate bytes a second
     * @param arithmeticRate float32 operations a second, a multiply-add counted as two
     */
    record Limits(Rates readRate, Rates arithmeticRate) {}

    /**
     * Medians of ours divided by those of the peer.
     *
     * @param decode of one sequence
     * @param prefill of a prompt
     * @param parallel by number of sequences
     */
    record Ratios(double decode, double prefill, SortedMap<Integer, Double> parallel) {}

    /** Bytes of weights that decoding reads in a second, as a share of the rate of plain reading. */
    double shareOfBandwidth() {
        return traffic.decodeBytes()
                * ours.decode().median()
                / limits.readRate().median();
    }

    /** Operations on weights in a second of a prompt, as a share of the rate of plain multiply-adds. */
    double shareOfPeak() {
        return 2
                * traffic.prefillMultiplyAdds()
                * ours.prefill().median()
                / limits.arithmeticRate().median();
    }

    /** Ours against the peer; empty without one. */
    Optional<Ratios> ratioToPeer() {
        return peer.map(other -> {
            SortedMap<Integer, Double> parallel = new TreeMap<>();
            other.parallel().forEach((sequences, theirs) -> {
                Rates own = ours.parallel().get(sequences);
                if (own != null) {
                    parallel.put(sequences, own.median() / theirs.median());
                }
            });
            return new Ratios(
                    ours.decode().median() / other.decode().median(),
                    ours.prefill().median() / other.prefill().median(),
                    parallel);
        });
    }
}
