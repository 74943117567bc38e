package io.tributary.bench.model;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an engine did in all repetitions, in tokens a second.
 *
 * @param name of the engine
 * @param version of the engine
 * @param prefill of a prompt
 * @param decode of one sequence
 * @param parallel of all sequences together, by their number
 */
record EngineFigures(String name, String version, Rates prefill, Rates decode, SortedMap<Integer, Rates> parallel) {

    /** @param rounds at least one, all with the same numbers of sequences */
    static EngineFigures of(Engine engine, List<Round> rounds) {
        SortedMap<Integer, Rates> parallel = new TreeMap<>();
        for (int sequences : rounds.getFirst().parallel().keySet()) {
            parallel.put(
                    sequences,
                    Rates.of(rounds.stream()
                            .map(round -> round.parallel().getOrDefault(sequences, Double.NaN))
                            .toList()));
        }
        return new EngineFigures(
                engine.name(),
                engine.version(),
                Rates.of(rounds.stream().map(Round::prefill).toList()),
                Rates.of(rounds.stream().map(Round::decode).toList()),
                parallel);
    }
}
