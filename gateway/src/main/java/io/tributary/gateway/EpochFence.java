package io.tributary.gateway;

import io.tributary.proto.log.v1.TokenRecord;
import io.tributary.proto.log.v1.Writer;
import java.util.HashMap;
import java.util.Map;

/** Tells records of shards that were replaced from those of owners, by the epochs seen so far. For one thread. */
final class EpochFence {
    private record Source(int lane, int stage) {}

    private final Map<Source, Long> highest = new HashMap<>();

    /** Whether a record counts; records must come in the order of their lane. */
    boolean admits(int lane, TokenRecord tokenRecord) {
        if (!tokenRecord.hasWriter()) {
            return true;
        }
        Writer writer = tokenRecord.getWriter();
        long epoch = writer.getEpoch();
        return highest.merge(new Source(lane, writer.getStage()), epoch, Math::max) == epoch;
    }
}
