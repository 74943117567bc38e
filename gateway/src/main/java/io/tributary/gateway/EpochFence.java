package io.tributary.gateway;

import io.tributary.log.UpstreamEpochs;
import io.tributary.proto.log.v1.TokenRecord;
import io.tributary.proto.log.v1.Writer;
import java.util.HashMap;
import java.util.Map;

/** Tells records of shards that were replaced from those of owners, by the epochs seen so far. For one thread. */
final class EpochFence {
    private final Map<Integer, UpstreamEpochs> byLane = new HashMap<>();

    /** Whether a record counts; records must come in the order of their lane. */
    boolean admits(int lane, TokenRecord tokenRecord) {
        if (!tokenRecord.hasWriter()) {
            return true;
        }
        Writer writer = tokenRecord.getWriter();
        UpstreamEpochs seen = byLane.getOrDefault(lane, UpstreamEpochs.NONE).with(writer.getStage(), writer.getEpoch());
        byLane.put(lane, seen);
        return writer.getEpoch() == seen.of(writer.getStage());
    }
}
