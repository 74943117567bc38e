package io.tributary.openai;

import io.tributary.log.ActivationLog;
import io.tributary.log.LogReader;
import io.tributary.log.LogRecord;
import io.tributary.log.Topic;
import io.tributary.log.Topics;
import io.tributary.proto.log.v1.CloseReason;
import io.tributary.proto.log.v1.LaneRecord;
import java.time.Duration;
import java.util.List;

/** Sessions that end since a client left, as the gateway tells the shards. */
record Cancellations(LogReader<LaneRecord> stage0) implements AutoCloseable {
    private static final Duration WITHIN = Duration.ofSeconds(2);
    private static final Duration POLL = Duration.ofMillis(50);

    /** Those from now on. */
    static Cancellations follow(ActivationLog log, String model) {
        Topic<LaneRecord> stage0 = Topics.stage(model, 0);
        log.createTopics(List.of(stage0));
        return new Cancellations(log.followFromEnd(stage0));
    }

    /** Whether there is one, or will be soon. */
    boolean any() {
        long deadline = System.nanoTime() + WITHIN.toNanos();
        while (System.nanoTime() < deadline) {
            for (LogRecord<LaneRecord> read : stage0.poll(POLL)) {
                if (read.value().getClose().getReason() == CloseReason.CLOSE_REASON_CANCELLED) {
                    return true;
                }
            }
        }
        return false;
    }

    @Override
    public void close() {
        stage0.close();
    }
}
