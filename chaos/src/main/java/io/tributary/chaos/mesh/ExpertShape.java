package io.tributary.chaos.mesh;

import io.tributary.edge.ExpertConfiguration.Transport;
import io.tributary.models.experts.ExpertSet;
import java.util.stream.IntStream;

/**
 * How the experts of a mesh are spread.
 *
 * @param groups that share the experts, 1 to {@link #MOST_GROUPS}; each has about as many
 * @param replicas expert shards a group, which hold the same experts
 * @param routers routers, any of which serves any stage
 * @param transport how work reaches the expert shards
 */
public record ExpertShape(int groups, int replicas, int routers, Transport transport) {
    /** Groups of a single expert. */
    public static final int MOST_GROUPS = MixtureModel.EXPERTS;

    /** The experts that the shards of a group hold. */
    ExpertSet experts(int group) {
        return ExpertSet.of(IntStream.range(firstOf(group), firstOf(group + 1)));
    }

    private int firstOf(int group) {
        return group * MixtureModel.EXPERTS / groups;
    }
}
