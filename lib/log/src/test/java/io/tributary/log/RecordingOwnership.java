package io.tributary.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Keeps the lanes that a reader was told to own. */
final class RecordingOwnership implements LaneOwnership {
    private final Set<Integer> owned = new TreeSet<>();
    private final List<String> events = new ArrayList<>();

    @Override
    public void assigned(Set<Integer> lanes) {
        events.add("assigned " + new TreeSet<>(lanes));
        if (lanes.stream().anyMatch(owned::contains)) {
            throw new IllegalStateException("lanes assigned twice: " + events);
        }
        owned.addAll(lanes);
    }

    @Override
    public void revoked(Set<Integer> lanes) {
        events.add("revoked " + new TreeSet<>(lanes));
        if (!owned.containsAll(lanes)) {
            throw new IllegalStateException("lanes revoked that were not owned: " + events);
        }
        owned.removeAll(lanes);
    }

    Set<Integer> owned() {
        return owned;
    }
}
