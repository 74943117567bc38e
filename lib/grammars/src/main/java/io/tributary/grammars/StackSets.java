package io.tributary.grammars;

import io.tributary.grammars.StackSet.Frame;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;

/** The stack sets that are in use: of equal ones there is one. For many threads. */
final class StackSets {
    private static final StackSet NONE = new StackSet(false, new Frame[0], new StackSet[0]);

    /** A rough size in bytes, on the high side: of the set with its entry here, and of each of its frames. */
    private static final int SET_BYTES = 136;

    private static final int FRAME_BYTES = 12;

    private final ConcurrentHashMap<StackSet, StackSet> shared = new ConcurrentHashMap<>();
    private final LongConsumer onGrowth;

    /** @param onGrowth told how many bytes a new set takes, roughly */
    StackSets(LongConsumer onGrowth) {
        this.onGrowth = onGrowth;
        shared.put(StackSet.BOTTOM, StackSet.BOTTOM);
    }

    /** Each stack of the set with one more frame on top. */
    StackSet push(Frame frame, StackSet below) {
        return share(new StackSet(false, new Frame[] {frame}, new StackSet[] {below}));
    }

    /** The stacks of both sets. */
    StackSet union(StackSet a, StackSet b, Work work) {
        if (a.equals(b)) {
            return a;
        }
        StackSet known = work.union(a, b);
        if (known == null) {
            known = join(a, b, work);
            work.union(a, b, known);
        }
        return known;
    }

    private StackSet join(StackSet a, StackSet b, Work work) {
        work.spend(a.size() + b.size());
        Frame[] frames = new Frame[a.size() + b.size()];
        StackSet[] below = new StackSet[frames.length];
        int count = 0;
        int i = 0;
        int j = 0;
        while (i < a.size() || j < b.size()) {
            int order = i == a.size() ? 1 : j == b.size() ? -1 : a.frame(i).compareTo(b.frame(j));
            frames[count] = order <= 0 ? a.frame(i) : b.frame(j);
            below[count++] = order == 0 ? union(a.below(i), b.below(j), work) : order < 0 ? a.below(i) : b.below(j);
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }
        return share(new StackSet(
                a.hasBottom() || b.hasBottom(), Arrays.copyOf(frames, count), Arrays.copyOf(below, count)));
    }

    /**
     * The set with no count above {@code limit}: as long as fewer repetitions are read, it cannot be told from the set
     * itself, and many sets become the same.
     */
    StackSet clamped(StackSet set, int limit, Work work) {
        if (!set.counted()) {
            return set;
        }
        StackSet known = set.clamped();
        if (known != null) {
            return known;
        }
        work.spend(set.size());
        StackSet result = set.hasBottom() ? StackSet.BOTTOM : NONE;
        for (int i = 0; i < set.size(); i++) {
            StackSet one = push(clamped(set.frame(i), limit), clamped(set.below(i), limit, work));
            result = union(result, one, work);
        }
        set.clamped(result);
        return result;
    }

    private static Frame clamped(Frame frame, int limit) {
        int max = frame.max() == Expression.UNBOUNDED ? frame.max() : Math.min(frame.max(), limit);
        return new Frame(frame.position(), Math.min(frame.min(), limit), max);
    }

    /** The same set among the sets of here, when it was made elsewhere. */
    StackSet adopt(StackSet set) {
        return adopt(set, new IdentityHashMap<>());
    }

    private StackSet adopt(StackSet set, Map<StackSet, StackSet> known) {
        StackSet done = known.get(set);
        if (done != null) {
            return done;
        }
        Frame[] frames = new Frame[set.size()];
        StackSet[] below = new StackSet[set.size()];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = set.frame(i);
            below[i] = adopt(set.below(i), known);
        }
        StackSet adopted = share(new StackSet(set.hasBottom(), frames, below));
        known.put(set, adopted);
        return adopted;
    }

    private StackSet share(StackSet set) {
        StackSet known = shared.putIfAbsent(set, set);
        if (known != null) {
            return known;
        }
        onGrowth.accept(SET_BYTES + (long) FRAME_BYTES * set.size());
        return set;
    }
}
