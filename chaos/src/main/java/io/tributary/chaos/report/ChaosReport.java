package io.tributary.chaos.report;

import io.tributary.chaos.load.LoadTally;
import io.tributary.chaos.mesh.MeshFigures;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a run found.
 *
 * @param seed that makes the same run again
 * @param length from the first session to the end of the last
 * @param load what the clients went through
 * @param faults that were injected, in their order
 * @param sessionsLeft sessions that the shards still had at the end; empty if a shard did not answer
 * @param replayed positions that shards computed again; empty if they do not count them
 * @param first what the mesh took before the load
 * @param last what it took at the end
 */
public record ChaosReport(
        long seed,
        Duration length,
        LoadTally.Counts load,
        List<InjectedFault> faults,
        OptionalInt sessionsLeft,
        OptionalLong replayed,
        MeshFigures first,
        MeshFigures last) {
    /**
     * A fault that was injected.
     *
     * @param kind as people write it
     * @param longestPauseMillis the longest pause of a stream that belongs to it, see
     *     {@link io.tributary.chaos.fault.PauseLedger}
     */
    public record InjectedFault(String kind, long longestPauseMillis) {}

    public ChaosReport {
        faults = List.copyOf(faults);
    }

    /** Whether every stream was what it would have been undisturbed, and nothing was left behind. */
    public boolean isGood() {
        return load.mismatches() == 0 && load.lost() == 0 && sessionsLeft.equals(OptionalInt.of(0));
    }

    /** The longest pause of each fault, in milliseconds. */
    List<Long> recoveries() {
        return faults.stream().map(InjectedFault::longestPauseMillis).toList();
    }
}
