package io.tributary.chaos;

import io.tributary.chaos.fault.FaultKind;
import io.tributary.chaos.mesh.MeshShape;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/**
 * What a run is asked to do.
 *
 * @param length how long the clients start sessions
 * @param seed of the requests and of the faults
 * @param sessions that are under way at a time
 * @param kinds of faults; none for a soak
 * @param mostFaults after so many the run ends, though its length has not passed
 * @param shape of the mesh
 * @param directory for data and logs
 */
public record ChaosSettings(
        Duration length,
        long seed,
        int sessions,
        Set<FaultKind> kinds,
        int mostFaults,
        MeshShape shape,
        Path directory) {
    public ChaosSettings {
        kinds = Set.copyOf(kinds);
    }
}
