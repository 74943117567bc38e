package io.tributary.gateway;

import io.tributary.proto.gateway.v1.PositionRouting;
import io.tributary.proto.log.v1.LayerRouting;
import java.util.List;
import java.util.stream.Stream;

/** Turns what the log says of experts, layer by layer, into what clients get, position by position. */
final class RoutingMessages {
    private RoutingMessages() {}

    /**
     * The messages of some consecutive positions.
     *
     * @param layers each with the experts of all these positions
     * @param positions how many
     */
    static List<PositionRouting> of(List<LayerRouting> layers, int positions) {
        List<PositionRouting.Builder> messages =
                Stream.generate(PositionRouting::newBuilder).limit(positions).toList();
        layers.forEach(layer -> add(layer, messages));
        return messages.stream().map(PositionRouting.Builder::build).toList();
    }

    private static void add(LayerRouting layer, List<PositionRouting.Builder> messages) {
        int begin = 0;
        for (int position = 0; position < messages.size(); position++) {
            int end = begin + layer.getCounts(position);
            messages.get(position)
                    .addLayers(io.tributary.proto.gateway.v1.LayerRouting.newBuilder()
                            .setLayer(layer.getLayer())
                            .addAllExperts(layer.getExpertsList().subList(begin, end))
                            .addAllWeights(layer.getWeightsList().subList(begin, end)));
            begin = end;
        }
    }
}
