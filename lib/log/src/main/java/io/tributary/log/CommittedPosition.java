package io.tributary.log;

import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/** A lane's position as Kafka keeps it: high-water mark as the offset, everything else in the metadata. */
final class CommittedPosition {
    private static final String LOW_WATER = "low-water";
    private static final String EPOCH = "epoch";
    private static final String UPSTREAM_EPOCH = "upstream-epoch-";
    // A broker refuses metadata of more than 4,096 bytes by default; what is longer than this nobody here has written.
    private static final int LONGEST_METADATA = 4096;
    private static final Pattern PART = Pattern.compile("(?:^|;)([a-z0-9-]{1,20})=(\\d{1,18})(?=;|$)");

    private static final Pattern UPSTREAM = Pattern.compile(UPSTREAM_EPOCH + "[0-9]{1,4}");

    private CommittedPosition() {}

    static OffsetAndMetadata encoded(LanePosition position) {
        StringBuilder metadata = new StringBuilder()
                .append("%s=%d;%s=%d".formatted(LOW_WATER, position.lowWater(), EPOCH, position.epoch()));
        new TreeMap<>(position.upstreamEpochs().byStage())
                .forEach((stage, epoch) -> metadata.append(";%s%d=%d".formatted(UPSTREAM_EPOCH, stage, epoch)));
        return new OffsetAndMetadata(position.highWater(), metadata.toString());
    }

    /** The position; each part that the metadata does not name, or that is impossible, is 0, the safe value. */
    static LanePosition decoded(OffsetAndMetadata committed) {
        long lowWater = 0;
        long epoch = 0;
        UpstreamEpochs upstream = UpstreamEpochs.NONE;
        Matcher part = PART.matcher(readable(committed.metadata()));
        while (part.find()) {
            String name = part.group(1);
            long value = Long.parseLong(part.group(2));
            if (name.equals(LOW_WATER)) {
                lowWater = value <= committed.offset() ? value : 0;
            } else if (name.equals(EPOCH)) {
                epoch = value;
            } else if (UPSTREAM.matcher(name).matches()) {
                upstream = upstream.with(Integer.parseInt(name.substring(UPSTREAM_EPOCH.length())), value);
            }
        }
        return new LanePosition(committed.offset(), lowWater, epoch, upstream);
    }

    private static String readable(String metadata) {
        return metadata.length() <= LONGEST_METADATA ? metadata : "";
    }
}
