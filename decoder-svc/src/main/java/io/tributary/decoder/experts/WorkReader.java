package io.tributary.decoder.experts;

import io.tributary.log.LogReader;
import io.tributary.log.LogRecord;
import io.tributary.proto.router.v1.ExpertWorkRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the lanes of some experts from their ends on, and knows what it has read. For one thread at a time. */
final class WorkReader implements AutoCloseable {
    /** Offsets of a lane that were read, without the last one. */
    private record Range(long first, long end) {}

    private final LogReader<ExpertWorkRecord> reader;
    private final Map<Integer, Range> read = new HashMap<>();
    private boolean replaced;
    private long end;
    /** Whether a poll after the end found nothing more. */
    private boolean drained;

    WorkReader(LogReader<ExpertWorkRecord> reader) {
        this.reader = reader;
    }

    /**
     * Waits for records.
     *
     * @param all readers of some of the same lanes; what others of them have read already is left out
     */
    List<LogRecord<ExpertWorkRecord>> poll(Duration limit, Collection<WorkReader> all) {
        boolean late = replaced && System.nanoTime() - end > 0;
        List<LogRecord<ExpertWorkRecord>> news = new ArrayList<>();
        List<LogRecord<ExpertWorkRecord>> polled = reader.poll(limit);
        drained = late && polled.isEmpty();
        for (LogRecord<ExpertWorkRecord> each : polled) {
            long offset = each.offset();
            read.merge(
                    each.lane(),
                    new Range(offset, offset + 1),
                    (earlier, later) -> new Range(earlier.first(), later.end()));
            if (all.stream().noneMatch(other -> other != this && other.hasRead(each.lane(), offset))) {
                news.add(each);
            }
        }
        return news;
    }

    private boolean hasRead(int lane, long offset) {
        Range range = read.get(lane);
        return range != null && offset >= range.first() && offset < range.end();
    }

    /** Another one has begun: from then on, by {@link System#nanoTime()}, this one is not needed. */
    void endAt(long nanoTime) {
        replaced = true;
        end = nanoTime;
    }

    /** Whether it is not needed any more: its time is over, and it has been read to where the next one began. */
    boolean ended() {
        return drained;
    }

    @Override
    public void close() {
        reader.close();
    }
}
