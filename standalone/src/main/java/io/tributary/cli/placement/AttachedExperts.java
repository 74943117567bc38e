package io.tributary.cli.placement;

import io.tributary.cli.CommandFailedException;
import io.tributary.cli.DefaultModel;
import io.tributary.models.experts.ExpertSet;
import io.tributary.proto.router.v1.AttachedShard;
import io.tributary.proto.router.v1.DescribeExpertsResponse;
import io.tributary.proto.router.v1.ExpertShardAnnouncement;
import io.tributary.proto.router.v1.LayerLoad;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the routers of a mesh say together.
 *
 * @param fingerprint of their model
 * @param experts to choose from in a layer
 * @param shards what each attached shard holds, by its name
 * @param loads rows of each expert by layer, of all routers
 */
record AttachedExperts(
        String fingerprint, int experts, NavigableMap<String, ExpertSet> shards, NavigableMap<Integer, long[]> loads) {

    /**
     * Puts answers together.
     *
     * @param answers by the routers' addresses, at least one
     * @throws CommandFailedException if the routers are of different models, or shards do not have the same layers
     */
    static AttachedExperts of(Map<String, DescribeExpertsResponse> answers) {
        requireSame(
                "models",
                answers.values().stream()
                        .map(DescribeExpertsResponse::getModelFingerprint)
                        .toList());
        requireSame(
                "layers",
                answers.values().stream()
                        .flatMap(answer -> answer.getShardsList().stream())
                        .map(AttachedShard::getAnnouncement)
                        .map(shard -> shard.getFirstLayer() + "-" + (shard.getEndLayer() - 1))
                        .toList());
        DescribeExpertsResponse first = answers.values().iterator().next();
        NavigableMap<String, ExpertSet> shards = new TreeMap<>();
        NavigableMap<Integer, long[]> loads = new TreeMap<>();
        for (DescribeExpertsResponse answer : answers.values()) {
            answer.getShardsList()
                    .forEach(shard -> shards.put(shard.getAnnouncement().getShardId(), held(shard.getAnnouncement())));
            answer.getLoadsList().forEach(load -> add(load, loads));
        }
        return new AttachedExperts(first.getModelFingerprint(), first.getExperts(), shards, loads);
    }

    /** What a shard has announced. */
    static ExpertSet held(ExpertShardAnnouncement shard) {
        return ExpertSet.of(shard.getExpertsList().stream().mapToInt(Integer::intValue));
    }

    /** The loads to plan with. */
    MeasuredLoads measured() {
        if (loads.isEmpty()) {
            throw new CommandFailedException("the routers' model has no experts, so there is nothing to place");
        }
        ExpertLoads counted = ExpertLoads.of(List.copyOf(loads.values()));
        return counted.total() == 0
                ? MeasuredLoads.even(loads.size(), experts, "the routers have gated nothing yet")
                : new MeasuredLoads(counted, String.format(Locale.ROOT, "%,d rows at the routers", counted.total()));
    }

    /** The most experts that a shard holds. */
    int mostHeld() {
        return shards.values().stream().mapToInt(ExpertSet::size).max().orElse(0);
    }

    /** What the shards hold; empty if an expert is on none. */
    Optional<Placement> placement() {
        try {
            return Optional.of(new Placement(experts, List.copyOf(shards.values())));
        } catch (IllegalArgumentException incomplete) {
            return Optional.empty();
        }
    }

    /**
     * The routers' model, if its path is given.
     *
     * @throws CommandFailedException if another model is there
     */
    Optional<ModelExperts> model(@Nullable Path path) {
        if (path == null) {
            return Optional.empty();
        }
        ModelExperts model = ModelExperts.read(DefaultModel.orDefault(path));
        if (!model.fingerprint().equals(fingerprint)) {
            throw new CommandFailedException("the routers serve another model than the one at " + path);
        }
        return Optional.of(model);
    }

    private static void add(LayerLoad load, NavigableMap<Integer, long[]> loads) {
        long[] sum = loads.computeIfAbsent(load.getLayer(), _ -> new long[load.getChosenCount()]);
        for (int expert = 0; expert < Math.min(sum.length, load.getChosenCount()); expert++) {
            sum[expert] += load.getChosen(expert);
        }
    }

    private static void requireSame(String what, List<String> values) {
        List<String> different = values.stream().distinct().toList();
        if (different.size() > 1) {
            throw new CommandFailedException(
                    "not all that was found has the same %s: %s; a plan is for one model and all of its layers"
                            .formatted(what, String.join(" and ", different)));
        }
    }
}
