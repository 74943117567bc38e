package io.tributary.decoder;

import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import io.tributary.kernels.FloatMatrix;
import io.tributary.models.RemoteExpertsException;
import io.tributary.models.experts.Routing;
import io.tributary.proto.log.v1.LayerRouting;
import io.tributary.proto.router.v1.RouteRequest;
import io.tributary.proto.router.v1.RouteResponse;
import io.tributary.proto.router.v1.SequenceFailure;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Takes a router's answer over into the memory of a stage. */
final class RoutedSums {
    private RoutedSums() {}

    /**
     * Takes an answer without an error of its own.
     *
     * @param sums gets the rows
     * @param routing gets the choices; null if they were not asked for
     * @throws RemoteExpertsException for the first sequence that failed, and for an answer that is none to the request
     */
    static void take(RouteResponse response, RouteRequest request, FloatMatrix sums, @Nullable Routing routing) {
        if (response.getFailuresCount() > 0) {
            throw failure(response.getFailures(0), request);
        }
        ByteString states = response.getHiddenStates();
        if (states.size() != request.getHiddenStates().size()) {
            throw malformed("%d bytes of hidden states instead of %d"
                    .formatted(states.size(), request.getHiddenStates().size()));
        }
        MemorySegment rows = MemorySegment.ofBuffer(states.asReadOnlyByteBuffer());
        MemorySegment.copy(rows, 0, sums.data(), 0, rows.byteSize());
        if (routing != null) {
            add(response.getRouting(), request.getPositions(), routing);
        }
    }

    private static RemoteExpertsException failure(SequenceFailure failure, RouteRequest request) {
        int sequence = failure.getSequence();
        if (sequence < 0 || sequence >= Math.max(1, request.getSequenceLengthsCount())) {
            throw malformed("a failure of sequence " + Integer.toUnsignedString(sequence));
        }
        boolean unavailable =
                switch (Code.forNumber(failure.getError().getCode())) {
                    case UNAVAILABLE, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, ABORTED, CANCELLED -> true;
                    case null, default -> false;
                };
        return new RemoteExpertsException(
                sequence, unavailable, failure.getError().getMessage());
    }

    private static void add(LayerRouting chosen, int rows, Routing routing) {
        if (chosen.getCountsCount() != rows || chosen.getExpertsCount() != chosen.getWeightsCount()) {
            throw malformed("choices for %d positions instead of %d".formatted(chosen.getCountsCount(), rows));
        }
        try {
            int next = 0;
            for (int row = 0; row < rows; row++) {
                int end = next + chosen.getCounts(row);
                for (; next < end; next++) {
                    routing.add(row, chosen.getExperts(next), chosen.getWeights(next));
                }
            }
        } catch (IndexOutOfBoundsException beyond) {
            throw malformed("choices that there cannot be: " + beyond.getMessage());
        }
    }

    private static RemoteExpertsException malformed(String what) {
        return new RemoteExpertsException(0, false, "a router has answered with " + what);
    }
}
