package io.tributary.chaos.mesh;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a mesh takes at one moment.
 *
 * @param byKind the most that one process of the kind takes
 * @param brokerDiskBytes the broker's data on disk (sparse files count in full); -1 if it changed while it was counted
 */
public record MeshFigures(Map<MemberKind, ProcessFigures> byKind, long brokerDiskBytes) {
    public MeshFigures {
        byKind = Map.copyOf(byKind);
    }

    /** The kinds of which there are processes, in their order. */
    public Set<MemberKind> kinds() {
        return new TreeSet<>(byKind.keySet());
    }

    /** The most that one process of the kind takes. */
    public ProcessFigures of(MemberKind kind) {
        return byKind.getOrDefault(kind, ProcessFigures.UNKNOWN);
    }
}
