package io.tributary.decoder;

import io.tributary.proto.log.v1.LayerRouting;
import java.util.List;

/** What records say of the experts that were chosen: one {@link LayerRouting} a layer, of some consecutive positions. */
final class RoutingRecords {
    private RoutingRecords() {}

    /**
     * The part that some of the positions have.
     *
     * @param from index of the first of these positions
     * @param positions how many
     */
    static List<LayerRouting> part(List<LayerRouting> layers, int from, int positions) {
        return layers.stream().map(layer -> part(layer, from, positions)).toList();
    }

    private static LayerRouting part(LayerRouting layer, int from, int positions) {
        List<Integer> counts = layer.getCountsList();
        int begin = sum(counts.subList(0, from));
        int end = begin + sum(counts.subList(from, from + positions));
        return LayerRouting.newBuilder()
                .setLayer(layer.getLayer())
                .addAllCounts(counts.subList(from, from + positions))
                .addAllExperts(layer.getExpertsList().subList(begin, end))
                .addAllWeights(layer.getWeightsList().subList(begin, end))
                .build();
    }

    /** Whether there is one for each of these layers, in their order, with an expert and a weight for all that it counts. */
    static boolean complete(List<LayerRouting> routing, List<Integer> layers, int positions) {
        return routing.stream().map(LayerRouting::getLayer).toList().equals(layers)
                && routing.stream().allMatch(layer -> consistent(layer, positions));
    }

    private static boolean consistent(LayerRouting layer, int positions) {
        boolean signed = layer.getCountsList().stream().anyMatch(count -> count < 0);
        long experts =
                layer.getCountsList().stream().mapToLong(Integer::longValue).sum();
        return !signed
                && layer.getCountsCount() == positions
                && layer.getExpertsCount() == experts
                && layer.getWeightsCount() == experts;
    }

    private static int sum(List<Integer> counts) {
        return counts.stream().mapToInt(Integer::intValue).sum();
    }
}
