package io.tributary.grammars;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * All that a text so far may be: the positions that wait for a byte, each with its stacks, and whether the text may end
 * here. Immutable.
 */
final class Configurations {
    private final int[] positions;
    private final StackSet[] stacks;
    private final boolean complete;
    private final int hash;

    /** Takes positions in ascending order, and for each its stacks. */
    Configurations(int[] positions, StackSet[] stacks, boolean complete) {
        this.positions = positions;
        this.stacks = stacks;
        this.complete = complete;
        int mixed = Arrays.hashCode(positions) + (complete ? 1 : 0);
        for (StackSet set : stacks) {
            mixed = mixed * 31 + set.hashCode();
        }
        this.hash = mixed;
    }

    int size() {
        return positions.length;
    }

    int position(int index) {
        return positions[index];
    }

    StackSet stacks(int index) {
        return stacks[index];
    }

    /** Whether the text is whole. */
    boolean complete() {
        return complete;
    }

    /** Whether the text is neither whole nor can become so. */
    boolean dead() {
        return !complete && positions.length == 0;
    }

    /** The same with repetitions counted only to {@code limit}, see {@link StackSets#clamped(StackSet, int, Work)}. */
    Configurations clamped(StackSets sets, int limit, Work work) {
        if (Arrays.stream(stacks).noneMatch(StackSet::counted)) {
            return this;
        }
        StackSet[] clamped = new StackSet[stacks.length];
        Arrays.setAll(clamped, i -> sets.clamped(stacks[i], limit, work));
        return new Configurations(positions, clamped, complete);
    }

    /** The same with stacks of {@code sets}. */
    Configurations adoptedBy(StackSets sets) {
        StackSet[] adopted = new StackSet[stacks.length];
        Arrays.setAll(adopted, i -> sets.adopt(stacks[i]));
        return new Configurations(positions, adopted, complete);
    }

    /** Equal if the stacks are the same objects. */
    @Override
    @SuppressWarnings("ReferenceEquality") // The stacks are shared, and comparing them in depth could take for ever.
    public boolean equals(@Nullable Object other) {
        if (this == other) {
            return true;
        }
        if (!(other instanceof Configurations that)
                || hash != that.hash
                || complete != that.complete
                || !Arrays.equals(positions, that.positions)) {
            return false;
        }
        for (int i = 0; i < stacks.length; i++) {
            if (stacks[i] != that.stacks[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
