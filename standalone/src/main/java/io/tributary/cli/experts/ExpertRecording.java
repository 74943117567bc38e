package io.tributary.cli.experts;

import io.tributary.models.RoutingObserver;
import io.tributary.models.experts.ExpertStatistics;
import io.tributary.models.experts.Routing;
import java.util.ArrayList;
import java.util.List;

/** Keeps the weights of the experts that the tokens of one sequence get, in each layer. */
final class ExpertRecording implements RoutingObserver {
    private final ExpertStatistics statistics;
    private final List<float[]> weights = new ArrayList<>();
    private int firstPosition;

    /**
     * @param statistics of a stage that computes nothing but the sequence
     * @param positions that the sequence gets at most
     */
    ExpertRecording(ExpertStatistics statistics, int positions) {
        this.statistics = statistics;
        statistics.layers().forEach(_ -> weights.add(new float[positions * statistics.experts()]));
    }

    /** Says which position the first row of the next pass has. */
    void beginAt(int position) {
        firstPosition = position;
    }

    @Override
    public void routed(int layer, int rows, Routing routing) {
        float[] ofLayer = weights.get(statistics.layers().indexOf(layer));
        for (int expert = 0; expert < routing.experts(); expert++) {
            for (int index = 0; index < routing.count(expert); index++) {
                int position = firstPosition + routing.row(expert, index);
                ofLayer[position * statistics.experts() + expert] = routing.weight(expert, index);
            }
        }
    }

    /** What has been recorded. */
    List<LayerUse> layers() {
        List<LayerUse> layers = new ArrayList<>();
        for (int index = 0; index < weights.size(); index++) {
            int layer = statistics.layers().get(index);
            layers.add(new LayerUse(statistics.load(layer), weights.get(index)));
        }
        return layers;
    }
}
