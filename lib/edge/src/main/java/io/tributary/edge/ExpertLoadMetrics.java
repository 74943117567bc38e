package io.tributary.edge;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Publishes how the experts of a model are used, by layer: what each gate has chosen, and how evenly. Whoever gates
 * registers its layers.
 *
 * @param registry where to
 * @param model its name, the value of the label {@code model_name}
 * @param pairsUpTo experts of a layer up to which each pair of them has a counter: their number grows with the square
 */
public record ExpertLoadMetrics(MeterRegistry registry, String model, int pairsUpTo) {

    /** Registers a layer; what it counts is read whenever the metrics are. */
    public void register(LayerLoadFigures figures) {
        Tags tags = Tags.of("model_name", model, "layer", Integer.toString(figures.layer()));
        counter(
                "positions",
                "Positions that the layer's gate has seen",
                tags,
                figures,
                each -> each.positions().getAsLong());
        counter(
                "overflow",
                "Positions that got no expert, since those that they wanted were at capacity",
                tags,
                figures,
                each -> each.overflow().getAsLong());
        registerBalance(figures, tags);
        registerExperts(figures, tags);
        if (figures.experts() <= pairsUpTo) {
            registerPairs(figures, tags);
        }
    }

    private void registerBalance(LayerLoadFigures figures, Tags tags) {
        gauge(
                "entropy",
                "Entropy of the experts' shares of the load: log2(experts) if all are chosen alike",
                "bits",
                tags,
                figures,
                each -> each.entropyBits().getAsDouble());
        gauge(
                "imbalance",
                "Load of the busiest expert over the mean one: 1 if all are chosen alike",
                null,
                tags,
                figures,
                each -> each.imbalance().getAsDouble());
        gauge(
                "top.pair.share",
                "Share of positions that the most frequent pair of experts was chosen for, 0 to 1",
                null,
                tags,
                figures,
                ExpertLoadMetrics::topPairShare);
    }

    private void registerExperts(LayerLoadFigures figures, Tags tags) {
        for (int expert = 0; expert < figures.experts(); expert++) {
            int index = expert;
            counter(
                    "chosen",
                    "Positions that the expert was chosen for",
                    tags.and("expert", Integer.toString(expert)),
                    figures,
                    each -> each.chosen().applyAsLong(index));
        }
    }

    private void registerPairs(LayerLoadFigures figures, Tags tags) {
        for (int first = 0; first < figures.experts(); first++) {
            for (int second = first + 1; second < figures.experts(); second++) {
                int one = first;
                int other = second;
                counter(
                        "pairs",
                        "Positions that both experts were chosen for",
                        tags.and("first", Integer.toString(first), "second", Integer.toString(second)),
                        figures,
                        each -> each.pair().positions(one, other));
            }
        }
    }

    private static double topPairShare(LayerLoadFigures figures) {
        long positions = figures.positions().getAsLong();
        return positions == 0 ? 0 : (double) figures.topPair().getAsLong() / positions;
    }

    /** The function holds the figures, which the registry by itself would let go. */
    private void counter(
            String name,
            String description,
            Tags tags,
            LayerLoadFigures figures,
            ToDoubleFunction<LayerLoadFigures> value) {
        FunctionCounter.builder("tributary.experts." + name, figures, _ -> value.applyAsDouble(figures))
                .description(description)
                .tags(tags)
                .register(registry);
    }

    private void gauge(
            String name,
            String description,
            @Nullable String unit,
            Tags tags,
            LayerLoadFigures figures,
            ToDoubleFunction<LayerLoadFigures> value) {
        Gauge.builder("tributary.experts." + name, figures, value)
                .strongReference(true)
                .description(description)
                .baseUnit(unit)
                .tags(tags)
                .register(registry);
    }
}
