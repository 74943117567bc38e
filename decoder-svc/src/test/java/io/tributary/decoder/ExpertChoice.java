package io.tributary.decoder;

import io.tributary.models.experts.Routing;
import io.tributary.proto.log.v1.LayerRouting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * That a layer has chosen an expert for a position.
 *
 * @param weightBits of the weight of its output
 */
record ExpertChoice(int layer, int expert, int weightBits) {
    /** Adds what a layer has chosen for the rows of a pass, which are the positions of one text. */
    static void add(int layer, Routing routing, Map<Integer, List<ExpertChoice>> byPosition) {
        for (int expert = 0; expert < routing.experts(); expert++) {
            for (int index = 0; index < routing.count(expert); index++) {
                byPosition
                        .computeIfAbsent(routing.row(expert, index), first -> new ArrayList<>())
                        .add(new ExpertChoice(layer, expert, Float.floatToRawIntBits(routing.weight(expert, index))));
            }
        }
    }

    /** What records say of one of their positions. */
    static List<ExpertChoice> of(List<LayerRouting> layers, int position) {
        List<ExpertChoice> choices = new ArrayList<>();
        for (LayerRouting layer : layers) {
            int begin = layer.getCountsList().subList(0, position).stream()
                    .mapToInt(Integer::intValue)
                    .sum();
            for (int index = begin; index < begin + layer.getCounts(position); index++) {
                int bits = Float.floatToRawIntBits(layer.getWeights(index));
                choices.add(new ExpertChoice(layer.getLayer(), layer.getExperts(index), bits));
            }
        }
        return choices;
    }
}
