package io.tributary.decoder;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.tributary.decoder.ServedStage.Loaded;
import io.tributary.edge.ExpertLoadMetrics;
import io.tributary.edge.LayerLoadFigures;
import io.tributary.models.KeyValueUse;
import io.tributary.models.experts.ExpertStatistics;

/** Metrics of a loaded stage under the names that vLLM gave them, as far as they mean the same. */
final class StageMetrics {
    private StageMetrics() {}

    /** What says of a metric whose it is: the model's name, as vLLM's metrics have it, and the 0-based stage. */
    static Tags tags(StageModel model) {
        return Tags.of(
                "model_name",
                model.name(),
                "stage",
                Integer.toString(model.range().index()));
    }

    /** Publishes what the stage and its shard count. */
    static void register(MeterRegistry registry, Loaded loaded) {
        Tags tags = tags(loaded.model());
        Gauge.builder("vllm:kv_cache_usage_perc", loaded, StageMetrics::keyValueUse)
                .description("Share of the pages of keys and values that sessions hold, 0 to 1")
                .tags(tags)
                .register(registry);
        Gauge.builder(
                        "tributary.decoder.sessions.waiting",
                        loaded,
                        stage -> stage.shard().figures().waitingSessions)
                .description("Sessions of which positions were left over when the last forward pass was full")
                .tags(tags)
                .register(registry);
        FunctionCounter.builder(
                        "vllm:prefix_cache_queries",
                        loaded,
                        stage -> stage.shard().figures().prefixQueries.sum())
                .description("Positions of prompts that were looked up in the prefix cache")
                .tags(tags)
                .register(registry);
        FunctionCounter.builder(
                        "vllm:prefix_cache_hits",
                        loaded,
                        stage -> stage.shard().figures().prefixHits.sum())
                .description("Positions of prompts that were found in the prefix cache")
                .tags(tags)
                .register(registry);
    }

    /** Publishes how the layers of which the stage itself chooses the experts use them. */
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

    private static double keyValueUse(Loaded loaded) {
        KeyValueUse use = loaded.stage().keyValueUse();
        return use.totalPages() == 0 ? 0 : (double) use.usedPages() / use.totalPages();
    }
}
