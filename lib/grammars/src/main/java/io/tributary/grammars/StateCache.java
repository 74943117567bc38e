package io.tributary.grammars;

import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The states of a grammar that have been met, with what follows each byte and the mask of each: a deterministic
 * automaton that is built as texts need it.
 *
 * <p>It only grows, and up to a bound: then {@link CompiledGrammar} begins a new one. What is found after that in the
 * midst of a mask is not kept. For many threads: they may find the same in a race, and then either result is as good.
 */
final class StateCache {
    /** Rough sizes of objects in bytes, on the high side. */
    private static final int STATE_BYTES = 240;

    private static final int BYTES_PER_CONFIGURATION = 16;
    private static final int REFERENCE_BYTES = 4;

    private final Automaton automaton;
    private final long maxBytes;
    private final MaskBudget budget;
    private final ConcurrentHashMap<Configurations, State> states = new ConcurrentHashMap<>();
    private final WeakReference<StateCache> reference = new WeakReference<>(this);
    private final AtomicLong bytes = new AtomicLong();
    private final StackSets sets = new StackSets(this::grow);
    private final State dead = new State(new Configurations(new int[0], new StackSet[0], false));

    /** One state of the deterministic automaton. */
    static final class State {
        private final Configurations configurations;
        private volatile State @Nullable [] following;
        private volatile long @Nullable [] mask;

        private State(Configurations configurations) {
            this.configurations = configurations;
        }

        Configurations configurations() {
            return configurations;
        }

        long @Nullable [] mask() {
            return mask;
        }
    }

    /** @param budget that this cache shares with others */
    StateCache(Automaton automaton, long maxBytes, MaskBudget budget) {
        this.automaton = automaton;
        this.maxBytes = maxBytes;
        this.budget = budget;
    }

    /** A reference that does not keep this cache in memory. */
    WeakReference<StateCache> reference() {
        return reference;
    }

    boolean full() {
        return bytes.get() > maxBytes || budget.spent();
    }

    /** Its size, roughly. */
    long bytes() {
        return bytes.get();
    }

    private void grow(long by) {
        bytes.addAndGet(by);
        budget.spend(by);
    }

    State dead() {
        return dead;
    }

    State start() {
        return state(Closure.start(automaton, sets, new Work()));
    }

    /** The state of configurations that were found by another cache. */
    State adopt(Configurations configurations) {
        return state(configurations.adoptedBy(sets));
    }

    /** The state with the same mask for tokens of at most {@code limit} bytes, which many states share. */
    State clamped(State state, int limit, Work work) {
        Configurations clamped = state.configurations.clamped(sets, limit, work);
        return clamped.equals(state.configurations) ? state : state(clamped);
    }

    /** The state after one more byte of a class, {@link #dead()} if there is none. */
    State next(State state, int byteClass, Work work) {
        State[] following = state.following;
        State known = following == null ? null : following[byteClass];
        return known == null ? find(state, byteClass, work) : known;
    }

    void mask(State state, long[] mask) {
        state.mask = mask;
        grow((long) Long.BYTES * mask.length);
    }

    private State find(State state, int byteClass, Work work) {
        int representative = automaton.classes().representative(byteClass);
        State next = state(Closure.after(state.configurations, representative, automaton, sets, work));
        State[] following = state.following;
        if (following == null && !full()) {
            following = new State[automaton.classes().count()];
            state.following = following;
            grow((long) REFERENCE_BYTES * following.length);
        }
        if (following != null) {
            following[byteClass] = next;
        }
        return next;
    }

    /** The state of configurations that this cache has found. */
    State state(Configurations configurations) {
        if (configurations.dead()) {
            return dead;
        }
        State known = states.get(configurations);
        if (known != null) {
            return known;
        }
        State added = new State(configurations);
        if (full()) {
            return added;
        }
        grow(STATE_BYTES + (long) BYTES_PER_CONFIGURATION * configurations.size());
        State raced = states.putIfAbsent(configurations, added);
        return raced == null ? added : raced;
    }
}
