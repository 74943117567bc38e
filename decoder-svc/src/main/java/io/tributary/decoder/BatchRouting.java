package io.tributary.decoder;

import io.tributary.models.RoutingObserver;
import io.tributary.models.experts.RoutedRows;
import io.tributary.models.experts.Routing;
import io.tributary.proto.log.v1.LayerRouting;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which experts the layers of a stage have chosen for the rows of the last batch. Used by the shard's thread. */
final class BatchRouting implements RoutingObserver {
    private final Map<Integer, RoutedRows> byLayer = new TreeMap<>();

    @Override
    public void routed(int layer, int rows, Routing routing) {
        byLayer.computeIfAbsent(layer, first -> new RoutedRows()).take(routing, rows);
    }

    /** The experts of some consecutive rows, one record for each layer with experts, ascending. */
    List<LayerRouting> of(int firstRow, int rows) {
        return byLayer.entrySet().stream()
                .map(layer -> layerRecord(layer.getKey(), layer.getValue(), firstRow, rows))
                .toList();
    }

    private static LayerRouting layerRecord(int layer, RoutedRows routed, int firstRow, int rows) {
        LayerRouting.Builder builder = LayerRouting.newBuilder().setLayer(layer);
        for (int row = firstRow; row < firstRow + rows; row++) {
            int count = routed.count(row);
            builder.addCounts(count);
            for (int rank = 0; rank < count; rank++) {
                builder.addExperts(routed.expert(row, rank)).addWeights(routed.weight(row, rank));
            }
        }
        return builder.build();
    }
}
