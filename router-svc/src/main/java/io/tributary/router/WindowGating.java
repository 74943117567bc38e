package io.tributary.router;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import com.google.rpc.Code;
import io.tributary.kernels.FloatMatrix;
import io.tributary.models.ExpertGate;
import io.tributary.models.experts.ExpertStatistics;
import io.tributary.models.experts.Routing;
import io.tributary.router.Portion.Share;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Gates the requests of a window together and cuts their rows into portions, one or several an expert. Each sequence of a
 * request is routed as a whole sequence, so that what else is in the window changes nothing. A window in which a sequence
 * fails is left out of the statistics. Lives on the loop.
 */
final class WindowGating {
    private final GatedModel model;
    private final int rowBytes;
    private final int portionRows;
    private final ExpertStatistics statistics;
    private final FloatMatrix input;
    /** The row of the window at which each request begins. */
    private int[] starts = new int[0];

    /**
     * @param windowRows rows of a window at most
     * @param messageBytes of the rows in a message to a shard
     */
    WindowGating(GatedModel model, int windowRows, int messageBytes, ExpertStatistics statistics) {
        this.model = model;
        this.statistics = statistics;
        rowBytes = model.rowBytes();
        portionRows = Math.max(1, messageBytes / rowBytes);
        input = model.allocate(windowRows);
    }

    /**
     * Gates requests of one layer. Sequences whose gate logits are not finite fail.
     *
     * @return portions in ascending order of experts; their requests know them too
     */
    List<Portion> gate(List<LayerRequest> requests) {
        ExpertGate gate = model.gate(requests.getFirst().layer());
        int rows = place(requests);
        gate.apply(input.rows(0, rows));
        Routing routing = model.routing(requests.getFirst().layer());
        routing.clear();
        int positions = 0;
        for (int index = 0; index < requests.size(); index++) {
            positions += route(requests.get(index), starts[index], gate, routing);
        }
        routing.group();
        if (positions == rows) {
            statistics.record(requests.getFirst().layer(), rows, routing);
        }
        return portions(requests, routing);
    }

    private int place(List<LayerRequest> requests) {
        starts = Arrays.copyOf(starts, Math.max(starts.length, requests.size()));
        int rows = 0;
        for (int index = 0; index < requests.size(); index++) {
            starts[index] = rows;
            ByteString bytes = requests.get(index).takeInput();
            bytes.copyTo(
                    input.data().asSlice((long) rows * rowBytes, bytes.size()).asByteBuffer());
            rows += requests.get(index).positions();
        }
        return rows;
    }

    /** Returns the positions that were routed. */
    private int route(LayerRequest request, int start, ExpertGate gate, Routing routing) {
        int positions = 0;
        for (int sequence = 0; sequence < request.sequences(); sequence++) {
            int first = start + request.first(sequence);
            int end = start + request.end(sequence);
            if (first < end && gate.finite(first, end)) {
                gate.route(first, end, routing);
                positions += end - first;
            } else if (first < end) {
                failNonFinite(request, sequence, first, gate);
            }
        }
        return positions;
    }

    private void failNonFinite(LayerRequest request, int sequence, int first, ExpertGate gate) {
        int row = first;
        while (gate.finite(row, row + 1)) {
            row++;
        }
        boolean inputIsFinite = true;
        for (int column = 0; column < model.width(); column++) {
            inputIsFinite &= Float.isFinite(input.get(row, column));
        }
        request.failSequence(
                sequence,
                inputIsFinite
                        ? Problems.of(
                                Code.INTERNAL,
                                "layer %d: the gate's logits of position %d of sequence %d are not finite"
                                        .formatted(request.layer(), row - first, sequence))
                        : Problems.invalidArgument(
                                "layer %d: the hidden state of position %d of sequence %d is not finite"
                                        .formatted(request.layer(), row - first, sequence)));
    }

    private List<Portion> portions(List<LayerRequest> requests, Routing routing) {
        List<Portion> portions = new ArrayList<>();
        for (int expert = 0; expert < routing.experts(); expert++) {
            for (int from = 0; from < routing.count(expert); from += portionRows) {
                int to = Math.min(routing.count(expert), from + portionRows);
                Portion portion = portion(requests, routing, expert, from, to);
                portion.shares().forEach(share -> share.request().add(portion));
                portions.add(portion);
            }
        }
        return portions;
    }

    private Portion portion(List<LayerRequest> requests, Routing routing, int expert, int from, int to) {
        List<Share> shares = new ArrayList<>();
        int request = 0;
        int next = from;
        while (next < to) {
            while (startBehind(request, requests) <= routing.row(expert, next)) {
                request++;
            }
            int end = next;
            while (end < to && routing.row(expert, end) < startBehind(request, requests)) {
                end++;
            }
            shares.add(share(requests.get(request), starts[request], routing, expert, next, end, from));
            next = end;
        }
        return new Portion(requests.getFirst().layer(), expert, to - from, rows(routing, expert, from, to), shares);
    }

    private int startBehind(int request, List<LayerRequest> requests) {
        return starts[request] + requests.get(request).positions();
    }

    private static Share share(
            LayerRequest request, int start, Routing routing, int expert, int from, int to, int portionStart) {
        int[] positions = new int[to - from];
        float[] weights = new float[to - from];
        for (int index = 0; index < positions.length; index++) {
            positions[index] = routing.row(expert, from + index) - start;
            weights[index] = routing.weight(expert, from + index);
        }
        return new Share(request, from - portionStart, positions, weights);
    }

    private ByteString rows(Routing routing, int expert, int from, int to) {
        byte[] rows = new byte[(to - from) * rowBytes];
        for (int index = from; index < to; index++) {
            long source = (long) routing.row(expert, index) * rowBytes;
            MemorySegment.copy(input.data(), ValueLayout.JAVA_BYTE, source, rows, (index - from) * rowBytes, rowBytes);
        }
        return UnsafeByteOperations.unsafeWrap(rows);
    }
}
