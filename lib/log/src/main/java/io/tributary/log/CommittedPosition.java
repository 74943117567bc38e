package io.tributary.log;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/** A lane's position as Kafka keeps it: high-water mark as the offset, low-water mark in the metadata. */
final class CommittedPosition {
    private static final Pattern LOW_WATER = Pattern.compile("low-water=(\\d{1,18})");

    private CommittedPosition() {}

    static OffsetAndMetadata encoded(LanePosition position) {
        return new OffsetAndMetadata(position.highWater(), "low-water=" + position.lowWater());
    }

    /** The position; its low-water mark is 0, the safe one, when the metadata names none or an impossible one. */
    static LanePosition decoded(OffsetAndMetadata committed) {
        Matcher metadata = LOW_WATER.matcher(committed.metadata());
        long lowWater = metadata.matches() ? Long.parseLong(metadata.group(1)) : 0;
        return new LanePosition(committed.offset(), lowWater <= committed.offset() ? lowWater : 0);
    }
}
