package io.tributary.chaos.fault;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * The faults of a run, one after the other and without an end, the same for the same seed and kinds: rounds in which every
 * kind comes once.
 */
public final class FaultSchedule {
    private static final int LEAST_SETTLE_MILLIS = 1_500;
    private static final int LONGEST_SETTLE_MILLIS = 5_000;

    private final Set<FaultKind> kinds;
    private final Random random;
    private final Deque<FaultKind> round = new ArrayDeque<>();
    private int number;

    /** @param kinds at least one */
    public FaultSchedule(long seed, Collection<FaultKind> kinds) {
        if (kinds.isEmpty()) {
            throw new IllegalArgumentException("a schedule needs at least one kind of fault");
        }
        this.kinds = EnumSet.copyOf(kinds);
        this.random = new Random(seed);
    }

    /** The next fault. */
    public Fault next() {
        if (round.isEmpty()) {
            List<FaultKind> shuffled = new ArrayList<>(kinds);
            Collections.shuffle(shuffled, random);
            round.addAll(shuffled);
        }
        FaultKind kind = round.removeFirst();
        return new Fault(
                number++,
                kind,
                between(LEAST_SETTLE_MILLIS, LONGEST_SETTLE_MILLIS),
                between(kind.leastOutageMillis(), kind.longestOutageMillis()),
                random.nextInt(Integer.MAX_VALUE));
    }

    private Duration between(int least, int most) {
        return Duration.ofMillis(random.nextInt(least, most + 1));
    }
}
