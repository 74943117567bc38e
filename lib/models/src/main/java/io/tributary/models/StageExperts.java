package io.tributary.models;

import io.tributary.models.architecture.Architecture;
import io.tributary.models.architecture.MixtureOfExperts;
import io.tributary.models.experts.ExpertStatistics;
import io.tributary.models.weights.WeightLoader;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** How a stage has the experts of its layers computed: by itself, or by others. */
final class StageExperts {
    private final @Nullable RemoteExperts remote;
    private final ExpertStatistics statistics;

    /** @param remote who computes them; empty if the stage does */
    StageExperts(Architecture architecture, StageRange range, Optional<RemoteExperts> remote) {
        this.remote = remote.orElse(null);
        this.statistics =
                statistics(architecture, remote.isPresent() ? IntStream.empty() : layers(architecture, range));
    }

    private static IntStream layers(Architecture architecture, StageRange range) {
        return IntStream.range(range.firstLayer(), range.endLayer())
                .filter(layer -> architecture.layers().get(layer).channelMixing() instanceof MixtureOfExperts);
    }

    private static ExpertStatistics statistics(Architecture architecture, IntStream layers) {
        int experts = architecture.layers().stream()
                .mapToInt(layer -> layer.channelMixing() instanceof MixtureOfExperts mixture ? mixture.experts() : 0)
                .max()
                .orElse(0);
        return new ExpertStatistics(experts, layers.boxed().toList());
    }

    /** How often the stage itself has chosen each expert; without layers if others choose, or nothing is to choose. */
    ExpertStatistics statistics() {
        return statistics;
    }

    Mixing block(MixtureOfExperts mixture, int layer, int width, WeightLoader loader, Workspace workspace) {
        return remote == null
                ? new MixtureOfExpertsBlock(mixture, layer, width, loader, workspace, statistics)
                : new RemoteMixtureBlock(mixture, layer, width, loader, workspace, remote);
    }
}
