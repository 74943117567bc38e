package io.tributary.decoder.protocol;

import java.util.ArrayList;
import java.util.List;

/**
 * A stage's lane. What lies below the committed low-water mark is gone.
 *
 * @param base offset of the oldest record that is kept
 * @param kept the records from there on
 * @param seen the highest epochs of all records, gone ones included
 */
record Lane(int base, List<Entry> kept, Epochs seen) {
    static final Lane EMPTY = new Lane(0, List.of(), Epochs.NONE);

    int end() {
        return base + kept.size();
    }

    Entry at(int offset) {
        return kept.get(offset - base);
    }

    Lane append(Entry entry) {
        List<Entry> longer = new ArrayList<>(kept.size() + 1);
        longer.addAll(kept);
        longer.add(entry.asFenced(seen.fences(entry)));
        return new Lane(base, longer, seen.with(entry));
    }

    Lane deleteBelow(int lowWater) {
        return lowWater <= base ? this : new Lane(lowWater, kept.subList(lowWater - base, kept.size()), seen);
    }
}
