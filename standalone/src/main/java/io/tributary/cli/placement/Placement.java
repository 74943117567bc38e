package io.tributary.cli.placement;

import io.tributary.models.experts.ExpertSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which shard holds which experts, of all layers. Each expert is on at least one shard.
 *
 * @param experts of a layer
 * @param shards what each of them holds
 */
public record Placement(int experts, List<ExpertSet> shards) {
    /** @throws IllegalArgumentException if an expert is on no shard, or one is there that no layer has */
    public Placement {
        shards = List.copyOf(shards);
        ExpertSet placed = shards.stream().reduce(ExpertSet.all(0), ExpertSet::plus);
        ExpertSet missing = ExpertSet.all(experts).minus(placed);
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException(
                    "no shard holds %s; each of the %d experts must be on one".formatted(named(missing), experts));
        }
        ExpertSet unknown = placed.minus(ExpertSet.all(experts));
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(
                    "there is no %s; the model's experts are %s".formatted(named(unknown), ExpertSet.all(experts)));
        }
    }

    /**
     * Neighbours together, as many for each shard as possible; one for each if there are more shards than experts.
     *
     * @throws IllegalArgumentException if there is no shard
     */
    public static Placement even(int experts, int shards) {
        if (shards < 1) {
            throw new IllegalArgumentException("%d experts cannot be spread over %d shards".formatted(experts, shards));
        }
        return new Placement(
                experts,
                IntStream.range(0, shards)
                        .mapToObj(shard ->
                                neighbours(firstOf(shard, experts, shards), firstOf(shard + 1, experts, shards)))
                        .toList());
    }

    private static ExpertSet neighbours(int first, int end) {
        return ExpertSet.of(IntStream.range(first, Math.max(end, first + 1)));
    }

    /**
     * Reads what shards hold, separated by slashes: {@code 0-3/4-7}.
     *
     * @throws IllegalArgumentException for another form, and as the constructor; the message says what would be right
     */
    public static Placement parse(String text, int experts) {
        return new Placement(
                experts,
                Arrays.stream(text.split("/", -1)).map(ExpertSet::parse).toList());
    }

    /** Shards that hold the expert. */
    public int replicas(int expert) {
        return (int) shards.stream().filter(shard -> shard.contains(expert)).count();
    }

    /** The most experts that a shard holds. */
    public int slots() {
        return shards.stream().mapToInt(ExpertSet::size).max().orElse(0);
    }

    /**
     * The same sets for other shards, so that shards keep what they have: the pair that has most in common is matched first.
     *
     * @param held what each shard holds now, as many shards as this has
     */
    public Placement matchedTo(List<ExpertSet> held) {
        int count = shards.size();
        List<ExpertSet> matched = new ArrayList<>(Collections.nCopies(count, ExpertSet.all(0)));
        BitSet given = new BitSet();
        BitSet taken = new BitSet();
        List<Integer> pairs = IntStream.range(0, count * count)
                .boxed()
                .sorted(Comparator.comparingInt(pair -> -common(held.get(pair / count), shards.get(pair % count))))
                .toList();
        for (int pair : pairs) {
            if (!given.get(pair / count) && !taken.get(pair % count)) {
                given.set(pair / count);
                taken.set(pair % count);
                matched.set(pair / count, shards.get(pair % count));
            }
        }
        return new Placement(experts, matched);
    }

    private static int common(ExpertSet one, ExpertSet other) {
        return one.size() - one.minus(other).size();
    }

    private static int firstOf(int shard, int experts, int shards) {
        return shard * experts / shards;
    }

    private static String named(ExpertSet experts) {
        return (experts.size() == 1 ? "expert " : "experts ") + experts;
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return shards.stream().map(ExpertSet::toString).collect(Collectors.joining("/"));
    }
}
