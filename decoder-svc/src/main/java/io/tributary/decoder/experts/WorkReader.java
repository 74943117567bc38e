package io.tributary.decoder.experts;

import io.tributary.log.LogReader;
import io.tributary.log.LogRecord;
import io.tributary.proto.router.v1.ExpertWorkRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the lanes of some experts from their ends on, and knows what it has read. For one thread at a time. */
final class WorkReader implements AutoCloseable {
    /** Offsets of a lane that were read, without the last one. */
    private record Range(long first, long end) {}

    private final LogReader<ExpertWorkRecord> reader;
    private final Map<Integer, Range> read = new HashMap<>();

    WorkReader(LogReader<ExpertWorkRecord> reader) {
        this.reader = reader;
    }

    /**
     * Waits for records.
     *
     * @param other reads some of the same lanes; what it has read already is left out
     */
    List<LogRecord<ExpertWorkRecord>> poll(Duration limit, @Nullable WorkReader other) {
        List<LogRecord<ExpertWorkRecord>> news = new ArrayList<>();
        for (LogRecord<ExpertWorkRecord> each : reader.poll(limit)) {
            long offset = each.offset();
            read.merge(
                    each.lane(),
                    new Range(offset, offset + 1),
                    (earlier, later) -> new Range(earlier.first(), later.end()));
            if (other == null || !other.hasRead(each.lane(), offset)) {
                news.add(each);
            }
        }
        return news;
    }

    private boolean hasRead(int lane, long offset) {
        Range range = read.get(lane);
        return range != null && offset >= range.first() && offset < range.end();
    }

    @Override
    public void close() {
        reader.close();
    }
}
