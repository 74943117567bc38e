package io.tributary.grammars;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that several grammars share for what they cache. When it is spent, the grammars with the largest caches begin
 * anew, until half of it is free; grammars that nobody uses any more do not count. For many threads.
 */
public final class MaskBudget {
    private final long bytes;
    private final AtomicLong used = new AtomicLong();
    private final Set<CompiledGrammar> grammars = Collections.newSetFromMap(new WeakHashMap<>());

    private record Share(CompiledGrammar grammar, long bytes) {}

    /** @param bytes that the caches take together, roughly; at least 1 */
    public MaskBudget(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("a budget of " + bytes + " bytes; at least 1 is needed");
        }
        this.bytes = bytes;
    }

    synchronized void join(CompiledGrammar grammar) {
        grammars.add(grammar);
    }

    /** Notes that a cache has grown. */
    void spend(long grown) {
        used.addAndGet(grown);
    }

    boolean spent() {
        return used.get() > bytes;
    }

    /** Counts what is cached, and has caches dropped if it is too much. */
    synchronized void makeRoom() {
        if (!spent()) {
            return;
        }
        List<Share> largestFirst = grammars.stream()
                .map(grammar -> new Share(grammar, grammar.cachedBytes()))
                .sorted(Comparator.comparingLong(Share::bytes).reversed())
                .toList();
        long total = largestFirst.stream().mapToLong(Share::bytes).sum();
        if (total > bytes) {
            for (Share share : largestFirst) {
                if (total > bytes / 2) {
                    share.grammar.dropCache();
                    total -= share.bytes;
                }
            }
        }
        used.set(total);
    }
}
