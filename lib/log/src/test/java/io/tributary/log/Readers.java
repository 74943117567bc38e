package io.tributary.log;

import io.tributary.proto.log.v1.LaneRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Polls readers until something holds, with a deadline. */
final class Readers {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private Readers() {}

    static List<LogRecord<LaneRecord>> read(LogReader<LaneRecord> reader, int count) {
        List<LogRecord<LaneRecord>> records = new ArrayList<>();
        until(() -> {
            records.addAll(reader.poll(Duration.ofMillis(200)));
            return records.size() >= count;
        });
        return records;
    }

    /** Polls readers in turns on this thread and drops their records. */
    static void pollUntil(BooleanSupplier holds, List<LogReader<LaneRecord>> readers) {
        until(() -> {
            readers.forEach(reader -> reader.poll(Duration.ofMillis(20)));
            return holds.getAsBoolean();
        });
    }

    static void until(BooleanSupplier holds) {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("did not come to hold within " + DEADLINE.toSeconds() + " s");
            }
        }
    }

    static long millisecondsOf(Runnable action) {
        long start = System.nanoTime();
        action.run();
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }
}
