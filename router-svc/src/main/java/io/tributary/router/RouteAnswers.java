package io.tributary.router;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import com.google.rpc.Status;
import io.tributary.models.experts.ExpertSum;
import io.tributary.proto.log.v1.LayerRouting;
import io.tributary.proto.router.v1.RouteResponse;
import io.tributary.proto.router.v1.SequenceFailure;
import io.tributary.router.Portion.Share;
import java.lang.foreign.MemorySegment;

/** What requests are answered with. */
final class RouteAnswers {
    private final int width;

    /** @param width elements of a hidden state */
    RouteAnswers(int width) {
        this.width = width;
    }

    /** The answer to a request that was not taken. */
    static RouteResponse refusal(long requestId, Status reason) {
        return RouteResponse.newBuilder()
                .setRequestId(requestId)
                .setError(reason)
                .build();
    }

    /** The answer to a request whose portions are done. */
    RouteResponse answer(LayerRequest request) {
        RouteResponse.Builder answer =
                RouteResponse.newBuilder().setRequestId(request.id()).setHiddenStates(sums(request));
        request.failures()
                .forEach((sequence, reason) -> answer.addFailures(
                        SequenceFailure.newBuilder().setSequence(sequence).setError(reason)));
        if (request.reportsRouting()) {
            answer.setRouting(routing(request));
        }
        return answer.build();
    }

    /** The portions are in ascending order of experts, so each position's outputs are added in that order. */
    private ByteString sums(LayerRequest request) {
        int rowBytes = width * Float.BYTES;
        byte[] sums = new byte[request.positions() * rowBytes];
        MemorySegment sum = MemorySegment.ofArray(sums);
        for (Portion portion : request.portions()) {
            if (portion.output().isEmpty()) {
                continue;
            }
            MemorySegment output = MemorySegment.ofBuffer(portion.output().asReadOnlyByteBuffer());
            Share share = portion.shareOf(request);
            for (int index = 0; index < share.positions().length; index++) {
                ExpertSum.add(
                        output.asSlice((long) (share.first() + index) * rowBytes, rowBytes),
                        share.weights()[index],
                        sum.asSlice((long) share.positions()[index] * rowBytes, rowBytes),
                        width);
            }
        }
        return UnsafeByteOperations.unsafeWrap(sums);
    }

    private static LayerRouting routing(LayerRequest request) {
        int[] counts = new int[request.positions()];
        request.portions().forEach(portion -> {
            for (int position : portion.shareOf(request).positions()) {
                counts[position]++;
            }
        });
        int[] next = new int[request.positions()];
        int size = 0;
        for (int position = 0; position < counts.length; position++) {
            next[position] = size;
            size += counts[position];
        }
        int[] experts = new int[size];
        float[] weights = new float[size];
        for (Portion portion : request.portions()) {
            Share share = portion.shareOf(request);
            for (int index = 0; index < share.positions().length; index++) {
                int place = next[share.positions()[index]]++;
                experts[place] = portion.expert();
                weights[place] = share.weights()[index];
            }
        }
        LayerRouting.Builder routing = LayerRouting.newBuilder().setLayer(request.layer());
        for (int count : counts) {
            routing.addCounts(count);
        }
        for (int place = 0; place < size; place++) {
            routing.addExperts(experts[place]).addWeights(weights[place]);
        }
        return routing.build();
    }
}
