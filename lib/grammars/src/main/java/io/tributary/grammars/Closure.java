package io.tributary.grammars;

import io.tributary.grammars.StackSet.Frame;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Follows what needs no byte, from some positions to all that wait for one.
 *
 * <p>Callers are followed before what they call, so stacks that meet at a position go on as one set, and the work does
 * not grow with the number of ways to read a text. A call or repetition that has read nothing yet is <em>fresh</em>: it
 * does not return, since what may be empty has been passed over already. That ends every loop.
 */
final class Closure {
    /** How many positions are looked at in the time of one step of following. */
    private static final int SCANNED_A_STEP = 16;

    private final Automaton automaton;
    private final StackSets sets;
    private final Work work;

    /** What is still to be followed, by twice the place in the order, plus one if fresh. */
    private final TreeMap<Integer, Entry> waiting = new TreeMap<>();

    private final Map<Integer, StackSet> followed = new HashMap<>();
    private final TreeMap<Integer, StackSet> found = new TreeMap<>();
    private boolean complete;

    private record Entry(int position, boolean fresh, StackSet stacks) {}

    private Closure(Automaton automaton, StackSets sets, Work work) {
        this.automaton = automaton;
        this.sets = sets;
        this.work = work;
    }

    /** Where a text begins. */
    static Configurations start(Automaton automaton, StackSets sets, Work work) {
        Closure closure = new Closure(automaton, sets, work);
        closure.enter(automaton.start(), StackSet.BOTTOM, false);
        return closure.follow();
    }

    /** Where a text is after one more byte. */
    static Configurations after(Configurations before, int b, Automaton automaton, StackSets sets, Work work) {
        Closure closure = new Closure(automaton, sets, work);
        work.spend(1 + before.size() / SCANNED_A_STEP);
        for (int i = 0; i < before.size(); i++) {
            if (automaton.position(before.position(i)) instanceof Position.Bytes(ByteSet set, int next)
                    && set.contains(b)) {
                closure.enter(next, before.stacks(i), false);
            }
        }
        return closure.follow();
    }

    private void enter(int position, StackSet stacks, boolean fresh) {
        if (stacks.depth() + automaton.analysis().depth(position) > RuleAnalysis.MAX_DEPTH
                || (fresh && position == 0)) {
            return;
        }
        work.spend(1);
        if (automaton.position(position) instanceof Position.Bytes) {
            found.merge(position, stacks, (a, b) -> sets.union(a, b, work));
            return;
        }
        waiting.merge(
                2 * automaton.place(position) + (fresh ? 1 : 0),
                new Entry(position, fresh, stacks),
                (a, b) -> new Entry(position, fresh, sets.union(a.stacks, b.stacks, work)));
    }

    private Configurations follow() {
        while (!waiting.isEmpty()) {
            Map.Entry<Integer, Entry> first = waiting.pollFirstEntry();
            Entry entry = first.getValue();
            StackSet before = followed.get(first.getKey());
            StackSet now = before == null ? entry.stacks : sets.union(before, entry.stacks, work);
            if (!now.equals(before)) {
                followed.put(first.getKey(), now);
                followOne(entry);
            }
        }
        int[] positions = found.keySet().stream().mapToInt(Integer::intValue).toArray();
        return new Configurations(positions, found.values().toArray(StackSet[]::new), complete);
    }

    private void followOne(Entry entry) {
        switch (automaton.position(entry.position)) {
            case Position.End() -> giveBack(entry.stacks);
            case Position.Bytes _ -> throw new IllegalStateException("a byte is needed at " + entry.position);
            case Position.Split(List<Integer> options) -> {
                for (int option : options) {
                    enter(option, entry.stacks, entry.fresh);
                }
            }
            case Position.Call(int rule, int next) -> call(automaton.start(rule), next, entry);
            case Position.Repeat repeat ->
                repeat(entry.position, repeat, repeat.min(), repeat.max(), entry.stacks, entry.fresh);
        }
    }

    private void call(int start, int next, Entry entry) {
        if (next == 0) {
            enter(start, entry.stacks, entry.fresh);
        } else {
            enter(start, sets.push(frameOf(next), entry.stacks), true);
        }
        if (automaton.analysis().nullable(start)) {
            enter(next, entry.stacks, entry.fresh);
        }
    }

    private Frame frameOf(int position) {
        return automaton.position(position) instanceof Position.Repeat repeat
                ? new Frame(position, repeat.min(), repeat.max())
                : new Frame(position, 0, 0);
    }

    private void repeat(int position, Position.Repeat repeat, int min, int max, StackSet stacks, boolean fresh) {
        boolean nullable = automaton.analysis().nullable(repeat.body());
        if (max > 0) {
            int left = max == Expression.UNBOUNDED ? max : max - 1;
            int needed = nullable ? 0 : Math.max(0, min - 1);
            enter(repeat.body(), sets.push(new Frame(position, needed, left), stacks), true);
        }
        if (min == 0 || nullable) {
            enter(repeat.next(), stacks, fresh);
        }
    }

    private void giveBack(StackSet stacks) {
        complete |= stacks.hasBottom();
        work.spend(stacks.size());
        for (int i = 0; i < stacks.size(); i++) {
            Frame frame = stacks.frame(i);
            if (automaton.position(frame.position()) instanceof Position.Repeat repeat) {
                repeat(frame.position(), repeat, frame.min(), frame.max(), stacks.below(i), false);
            } else {
                enter(frame.position(), stacks.below(i), false);
            }
        }
    }
}
