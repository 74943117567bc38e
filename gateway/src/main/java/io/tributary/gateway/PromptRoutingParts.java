package io.tributary.gateway;

import io.tributary.proto.gateway.v1.GenerateResponse;
import io.tributary.proto.log.v1.LayerRouting;
import io.tributary.proto.log.v1.PromptRouting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Which experts were chosen for the positions of a prompt that a client wants to know of. It comes in parts, and from a shard
 * that takes over some of them again, which may be cut elsewhere. They are kept as the log has them, several times smaller
 * than what the client gets. Does not change any more once it is complete.
 */
final class PromptRoutingParts {
    /** A part, of which the rows from one up to another are wanted and new. */
    private record Part(PromptRouting routing, int firstRow, int endRow) {
        private GenerateResponse response() {
            List<LayerRouting> layers = routing.getLayersList();
            return GenerateResponse.newBuilder()
                    .setPromptRouting(io.tributary.proto.gateway.v1.PromptRouting.newBuilder()
                            .setFirstPosition(routing.getFirstPosition() + firstRow)
                            .addAllPositions(RoutingMessages.of(layers, endRow).subList(firstRow, endRow)))
                    .build();
        }
    }

    private final int end;
    private final List<Part> parts = new ArrayList<>();
    private final TreeMap<Integer, PromptRouting> early = new TreeMap<>();
    private int next;

    /**
     * @param first the first position that is wanted
     * @param end the position behind the last one; nothing is wanted if it is not above the first
     */
    PromptRoutingParts(int first, int end) {
        this.next = first;
        this.end = end;
    }

    /** What a session gets that does not report which experts were chosen. */
    static PromptRoutingParts none() {
        return new PromptRoutingParts(0, 0);
    }

    /** Takes a part; what is there already or not wanted is left alone, and what is early waits for what is before it. */
    void add(PromptRouting part) {
        if (complete() || part.getFirstPosition() < 0 || part.getFirstPosition() >= end) {
            return;
        }
        early.merge(part.getFirstPosition(), part, PromptRoutingParts::longer);
        Map.Entry<Integer, PromptRouting> first = early.firstEntry();
        while (first != null && first.getKey() <= next) {
            early.remove(first.getKey());
            take(first.getValue());
            first = early.firstEntry();
        }
    }

    private void take(PromptRouting part) {
        int first = part.getFirstPosition();
        int endRow = Math.min(rowsOf(part), end - first);
        if (first + endRow > next) {
            parts.add(new Part(part, next - first, endRow));
            next = first + endRow;
        }
    }

    private static PromptRouting longer(PromptRouting one, PromptRouting other) {
        return rowsOf(one) >= rowsOf(other) ? one : other;
    }

    /** Number of positions of a part. */
    private static int rowsOf(PromptRouting part) {
        return part.getLayersCount() == 0 ? 0 : part.getLayers(0).getCountsCount();
    }

    /** Whether nothing that is wanted is missing. */
    boolean complete() {
        return next >= end;
    }

    /** What the client gets, in order, made as it is taken; complete. */
    Stream<GenerateResponse> responses() {
        return parts.stream().map(Part::response);
    }
}
