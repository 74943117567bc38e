package io.tributary.decoder.protocol;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A search through all states, breadth first, so that what it finds first is the shortest way to break an invariant. */
final class Exploration {
    /**
     * What was found.
     *
     * @param states reached
     * @param depth length of the longest way, in actions
     * @param atRest states in which nothing is left to do
     * @param violation the invariant that broke, or empty
     * @param trace the actions that break it
     */
    record Result(int states, int depth, int atRest, String violation, List<String> trace) {
        boolean holds() {
            return violation.isEmpty();
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder("%d states, %d at rest, depth %d".formatted(states, atRest, depth));
            if (!holds()) {
                text.append("; after ")
                        .append(trace.size())
                        .append(" actions: ")
                        .append(violation);
                for (int index = 0; index < trace.size(); index++) {
                    text.append("%n%3d. %s".formatted(index + 1, trace.get(index)));
                }
            }
            return text.toString();
        }
    }

    private final Bounds bounds;
    private final Transitions transitions;
    private final Invariants invariants;
    private final FingerprintSet visited = new FingerprintSet();
    private final ArrayDeque<ModelState> frontier = new ArrayDeque<>();
    private int[] parents = new int[1024];
    private @Nullable Action[] actions = new @Nullable Action[1024];
    private int states;
    private int atRest;

    private Exploration(Set<Deviation> deviations, Bounds bounds) {
        this.bounds = bounds;
        this.transitions = new Transitions(deviations, bounds);
        this.invariants = new Invariants(deviations, bounds, new Undisturbed(bounds));
    }

    /**
     * Explores the protocol with some rules changed.
     *
     * @throws IllegalStateException if there are more states than the bounds allow for
     */
    static Result of(Bounds bounds, Deviation... deviations) {
        Set<Deviation> changed = EnumSet.noneOf(Deviation.class);
        Collections.addAll(changed, deviations);
        return new Exploration(changed, bounds).run();
    }

    private Result run() {
        add(ModelState.initial(bounds), -1, null);
        int explored = 0;
        int depth = 0;
        int levelEnd = 1;
        for (ModelState state = frontier.poll(); state != null; state = frontier.poll()) {
            if (explored == levelEnd) {
                depth++;
                levelEnd = states;
            }
            String violation = expand(state, explored);
            if (!violation.isEmpty()) {
                return new Result(states, depth, atRest, violation, trace(states));
            }
            explored++;
        }
        return new Result(states, depth, atRest, "", List.of());
    }

    private String expand(ModelState state, int index) {
        boolean progress = false;
        Action current = null;
        try {
            for (Action action : transitions.enabled(state)) {
                progress |= action.progress();
                current = action;
                add(transitions.apply(state, action), index, current);
            }
            current = null;
            if (!progress) {
                atRest++;
                invariants.atRest(state);
            }
            return "";
        } catch (ProtocolViolation violation) {
            remember(index, current);
            return String.valueOf(violation.getMessage());
        }
    }

    private void add(ModelState state, int parent, @Nullable Action action) {
        if (!visited.add(state.fingerprint())) {
            return;
        }
        if (states == bounds.maximalStates()) {
            throw new IllegalStateException("more than " + states + " states: the bounds are too wide");
        }
        remember(parent, action);
        states++;
        frontier.add(state);
    }

    private void remember(int parent, @Nullable Action action) {
        if (states == parents.length) {
            parents = Arrays.copyOf(parents, 2 * states);
            actions = Arrays.copyOf(actions, 2 * states);
        }
        parents[states] = parent;
        actions[states] = action;
    }

    private List<String> trace(int last) {
        List<String> trace = new ArrayList<>();
        for (int index = last; parents[index] >= 0; index = parents[index]) {
            Action action = actions[index];
            if (action != null) {
                trace.add(action.toString());
            }
        }
        return trace.reversed();
    }
}
