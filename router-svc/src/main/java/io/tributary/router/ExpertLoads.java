package io.tributary.router;

import io.tributary.edge.ExpertLoadMetrics;
import io.tributary.edge.LayerLoadFigures;
import io.tributary.models.experts.ExpertStatistics;

/** Publishes how the layers that a router gates use their experts. */
final class ExpertLoads {
    private ExpertLoads() {}

    static void register(ExpertLoadMetrics metrics, ExpertStatistics statistics) {
        for (int layer : statistics.layers()) {
            metrics.register(new LayerLoadFigures(
                    layer,
                    statistics.experts(),
                    () -> statistics.load(layer).positions(),
                    () -> statistics.load(layer).overflow(),
                    expert -> statistics.chosen(layer, expert),
                    (one, other) -> statistics.load(layer).pair(one, other),
                    () -> statistics.load(layer).mostTogether(),
                    () -> statistics.load(layer).entropyBits(),
                    () -> statistics.load(layer).imbalance()));
        }
    }
}
