package io.tributary.router;

import com.google.rpc.Status;
import io.tributary.proto.router.v1.RouteRequest;
import org.jspecify.annotations.Nullable;

/**
 * What a request must be like.
 *
 * @param fingerprint of the model
 * @param width elements of a hidden state
 * @param layerCount layers of the model
 * @param layers those with experts
 * @param mostPositions of a request
 */
record RequestCheck(String fingerprint, int width, int layerCount, ExpertLayers layers, int mostPositions) {
    /** What is wrong with a request; null if nothing is. */
    @Nullable
    Status problem(RouteRequest request) {
        if (!request.getModelFingerprint().equals(fingerprint)) {
            return Problems.failedPrecondition(
                    ("model_fingerprint: the request is of model %s, this router gates %s; stages and routers must load the"
                                    + " same model")
                            .formatted(request.getModelFingerprint(), fingerprint));
        }
        long layer = Integer.toUnsignedLong(request.getLayer());
        if (layer >= layerCount) {
            return Problems.invalidArgument(
                    "layer: %d does not exist; the model has layers 0 to %d".formatted(layer, layerCount - 1));
        }
        if (!layers.contains((int) layer)) {
            return Problems.invalidArgument("layer: %d has no experts; %s"
                    .formatted(layer, layers.all().isEmpty() ? "no layer has" : "layers " + layers.layers() + " do"));
        }
        Status shape = shapeProblem(request);
        return shape == null ? sequenceProblem(request) : shape;
    }

    private @Nullable Status shapeProblem(RouteRequest request) {
        long positions = Integer.toUnsignedLong(request.getPositions());
        if (positions > mostPositions) {
            return Problems.invalidArgument(
                    "positions: %d; a request has at most %d".formatted(positions, mostPositions));
        }
        long expected = positions * width * Float.BYTES;
        int size = request.getHiddenStates().size();
        if (size != expected) {
            return Problems.invalidArgument(
                    "hidden_states: %d bytes; %d positions of the model's width %d are %d bytes of float32"
                            .formatted(size, positions, width, expected));
        }
        return null;
    }

    private @Nullable Status sequenceProblem(RouteRequest request) {
        if (request.getSequenceLengthsCount() == 0) {
            return null;
        }
        long sum = 0;
        for (int length : request.getSequenceLengthsList()) {
            if (length == 0) {
                return Problems.invalidArgument("sequence_lengths: a sequence of no positions; leave it out");
            }
            sum += Integer.toUnsignedLong(length);
        }
        return sum == Integer.toUnsignedLong(request.getPositions())
                ? null
                : Problems.invalidArgument("sequence_lengths: they add up to %d, but there are %d positions"
                        .formatted(sum, Integer.toUnsignedLong(request.getPositions())));
    }

    /** The position behind each sequence of a request that has no problem. */
    static int[] ends(RouteRequest request) {
        if (request.getSequenceLengthsCount() == 0) {
            return new int[] {request.getPositions()};
        }
        int[] ends = new int[request.getSequenceLengthsCount()];
        int end = 0;
        for (int sequence = 0; sequence < ends.length; sequence++) {
            end += request.getSequenceLengths(sequence);
            ends[sequence] = end;
        }
        return ends;
    }
}
