package io.tributary.decoder;

import java.util.LinkedHashSet;
import java.util.Set;

/** Ids of sessions that were closed lately, the youngest so many. */
final class RecentIds {
    private final int most;
    private final Set<String> ids = new LinkedHashSet<>();

    RecentIds(int most) {
        this.most = most;
    }

    void add(String id) {
        if (ids.add(id) && ids.size() > most) {
            ids.remove(ids.iterator().next());
        }
    }

    boolean contains(String id) {
        return ids.contains(id);
    }
}
