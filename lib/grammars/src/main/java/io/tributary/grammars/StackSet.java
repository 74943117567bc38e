package io.tributary.grammars;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A set of stacks of return addresses, with common parts shared.
 *
 * <p>It is a map from the top frame to the set of stacks below it, so that one set has one form; {@link StackSets}
 * makes equal sets one object. A frame is a position to go on at and, if that is a repetition, how many times its body
 * must and may still come. Immutable.
 */
final class StackSet {
    /** The set of the empty stack alone. */
    static final StackSet BOTTOM = new StackSet(true, new Frame[0], new StackSet[0]);

    /** A return address. */
    record Frame(int position, int min, int max) implements Comparable<Frame> {
        @Override
        public int compareTo(Frame other) {
            int byPosition = Integer.compare(position, other.position);
            int byMin = byPosition != 0 ? byPosition : Integer.compare(min, other.min);
            return byMin != 0 ? byMin : Integer.compare(max, other.max);
        }
    }

    private final boolean bottom;
    private final Frame[] frames;
    private final StackSet[] below;
    private final int hash;
    private final int depth;
    private final boolean counted;

    /** The set with counts cut down, once it has been asked for; a race only finds it twice. */
    private @Nullable StackSet clamped;

    /** Takes frames in ascending order, and for each what is below it. */
    StackSet(boolean bottom, Frame[] frames, StackSet[] below) {
        this.bottom = bottom;
        this.frames = frames;
        this.below = below;
        int mixed = bottom ? 1 : 0;
        int deepest = 0;
        boolean counts = false;
        for (int i = 0; i < frames.length; i++) {
            mixed = (mixed * 31 + frames[i].hashCode()) * 0x9E3779B1 + below[i].hash;
            deepest = Math.max(deepest, below[i].depth + 1);
            counts |= below[i].counted || frames[i].max > 0;
        }
        this.hash = mixed;
        this.depth = deepest;
        this.counted = counts;
    }

    /** Whether the empty stack is one of the set. */
    boolean hasBottom() {
        return bottom;
    }

    int size() {
        return frames.length;
    }

    Frame frame(int index) {
        return frames[index];
    }

    /** The stacks below the frame of this index. */
    StackSet below(int index) {
        return below[index];
    }

    /** The number of frames of the deepest stack. */
    int depth() {
        return depth;
    }

    /** Whether any frame counts repetitions. */
    boolean counted() {
        return counted;
    }

    @Nullable
    StackSet clamped() {
        return clamped;
    }

    void clamped(StackSet set) {
        clamped = set;
    }

    /** Equal at the top and the same below, which is enough where all sets are shared. */
    @Override
    @SuppressWarnings("ReferenceEquality") // What is below is shared, and comparing it in depth could take for ever.
    public boolean equals(@Nullable Object other) {
        if (this == other) {
            return true;
        }
        if (!(other instanceof StackSet that)
                || hash != that.hash
                || bottom != that.bottom
                || !Arrays.equals(frames, that.frames)) {
            return false;
        }
        for (int i = 0; i < below.length; i++) {
            if (below[i] != that.below[i]) {
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
