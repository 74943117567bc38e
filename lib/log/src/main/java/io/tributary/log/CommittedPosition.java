package io.tributary.log;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/** A lane's position as Kafka keeps it: high-water mark as the offset, everything else in the metadata. */
final class CommittedPosition {
    private static final String LOW_WATER = "low-water";
    private static final String EPOCH = "epoch";
    private static final String UPSTREAM_EPOCH = "upstream-epoch";
    // A broker refuses metadata of more than 4,096 bytes by default; what is longer than this nobody here has written.
    private static final int LONGEST_METADATA = 4096;
    private static final Pattern PART = Pattern.compile("(?:^|;)([a-z-]{1,16})=(\\d{1,18})(?=;|$)");

    private CommittedPosition() {}

    static OffsetAndMetadata encoded(LanePosition position) {
        return new OffsetAndMetadata(
                position.highWater(),
                "%s=%d;%s=%d;%s=%d"
                        .formatted(
                                LOW_WATER,
                                position.lowWater(),
                                EPOCH,
                                position.epoch(),
                                UPSTREAM_EPOCH,
                                position.upstreamEpoch()));
    }

    /** The position; each part that the metadata does not name, or that is impossible, is 0, the safe value. */
    static LanePosition decoded(OffsetAndMetadata committed) {
        long lowWater = 0;
        long epoch = 0;
        long upstreamEpoch = 0;
        Matcher part = PART.matcher(readable(committed.metadata()));
        while (part.find()) {
            long value = Long.parseLong(part.group(2));
            switch (part.group(1)) {
                case LOW_WATER -> lowWater = value <= committed.offset() ? value : 0;
                case EPOCH -> epoch = value;
                case UPSTREAM_EPOCH -> upstreamEpoch = value;
                default -> {}
            }
        }
        return new LanePosition(committed.offset(), lowWater, epoch, upstreamEpoch);
    }

    private static String readable(String metadata) {
        return metadata.length() <= LONGEST_METADATA ? metadata : "";
    }
}
