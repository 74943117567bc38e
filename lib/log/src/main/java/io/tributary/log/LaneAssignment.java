package io.tributary.log;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Splits the lanes of a topic evenly over the readers of a group. */
final class LaneAssignment {
    private LaneAssignment() {}

    /**
     * Each lane's reader: the numbers of lanes differ by one at most, and as few lanes as possible move.
     *
     * @param present the reader of each lane so far, or null
     * @param readers all readers in the order of their joining; when empty no lane has a reader
     */
    static <R> List<@Nullable R> balanced(List<@Nullable R> present, List<R> readers) {
        List<@Nullable R> target = new ArrayList<>(present.size());
        if (readers.isEmpty()) {
            present.forEach(lane -> target.add(null));
            return target;
        }
        Map<R, Integer> counts = HashMap.newHashMap(readers.size());
        readers.forEach(reader -> counts.put(reader, 0));
        int share = present.size() / readers.size();
        int larger = present.size() % readers.size();
        for (@Nullable R reader : present) {
            Integer count = reader == null ? null : counts.get(reader);
            boolean keeps = count != null && (count < share || (count == share && larger > 0));
            if (reader != null && count != null && keeps) {
                larger -= count == share ? 1 : 0;
                counts.put(reader, count + 1);
            }
            target.add(keeps ? reader : null);
        }
        for (int lane = 0; lane < target.size(); lane++) {
            if (target.get(lane) == null) {
                R least =
                        readers.stream().min(Comparator.comparing(counts::get)).orElseThrow();
                counts.merge(least, 1, Integer::sum);
                target.set(lane, least);
            }
        }
        return target;
    }
}
