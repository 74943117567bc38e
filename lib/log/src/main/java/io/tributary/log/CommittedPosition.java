package io.tributary.log;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/** A lane's position as Kafka keeps it: high-water mark as the offset, all else in the metadata. */
final class CommittedPosition {
    private static final Pattern METADATA =
            Pattern.compile("low-water=(\\d{1,18});epoch=(\\d{1,18});upstream-epoch=(\\d{1,18})");

    private CommittedPosition() {}

    static OffsetAndMetadata encoded(LanePosition position) {
        return new OffsetAndMetadata(
                position.highWater(),
                "low-water=%d;epoch=%d;upstream-epoch=%d"
                        .formatted(position.lowWater(), position.epoch(), position.upstreamEpoch()));
    }

    /** The position; where the metadata is not of this kind or impossible, with 0, the safe value, for all that it says. */
    static LanePosition decoded(OffsetAndMetadata committed) {
        Matcher metadata = METADATA.matcher(committed.metadata());
        if (!metadata.matches()) {
            return new LanePosition(committed.offset(), 0, 0, 0);
        }
        long lowWater = Long.parseLong(metadata.group(1));
        return new LanePosition(
                committed.offset(),
                lowWater <= committed.offset() ? lowWater : 0,
                Long.parseLong(metadata.group(2)),
                Long.parseLong(metadata.group(3)));
    }
}
