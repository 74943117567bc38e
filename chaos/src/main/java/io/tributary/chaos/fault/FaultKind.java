package io.tributary.chaos.fault;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What can be done to a mesh. */
public enum FaultKind {
    /** A shard is killed, and started again after a while. */
    SHARD_KILL(1_000, 5_000),
    /** A shard stands still for longer than its group waits for it, and then goes on as if nothing had happened. */
    SHARD_PAUSE(12_000, 20_000),
    /** All shards of a stage are killed at once, and started again after a while. */
    STAGE_KILL(500, 3_000),
    /** The broker is asked to end, and started again after a while. */
    BROKER_RESTART(500, 3_000),
    /** The broker is killed, and started again after a while. */
    BROKER_KILL(500, 3_000),
    /** The broker is killed, and started again after a minute. */
    BROKER_OUTAGE(60_000, 65_000),
    /** What the broker writes fails, as on a full disk, until it gives up; it is started again with room after a while. */
    DISK_FULL(2_000, 8_000),
    /** A gateway is killed, and started again after a while. */
    GATEWAY_KILL(500, 3_000),
    /** A stage gets one shard more. */
    SCALE_OUT(0, 0),
    /** A shard is asked to end; if its stage then has too few, another one is started after a while. */
    SCALE_IN(500, 3_000);

    private final int leastOutageMillis;
    private final int longestOutageMillis;

    FaultKind(int leastOutageMillis, int longestOutageMillis) {
        this.leastOutageMillis = leastOutageMillis;
        this.longestOutageMillis = longestOutageMillis;
    }

    int leastOutageMillis() {
        return leastOutageMillis;
    }

    int longestOutageMillis() {
        return longestOutageMillis;
    }

    /** As people write it, like `shard-kill`. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The kind that people write so. */
    public static Optional<FaultKind> of(String label) {
        return Arrays.stream(values())
                .filter(kind -> kind.label().equals(label))
                .findFirst();
    }

    /** All kinds as people write them. */
    public static List<String> labels() {
        return Arrays.stream(values()).map(FaultKind::label).toList();
    }

    /** The kinds of which a run of some minutes has room for several, as people write them. */
    public static List<String> usualLabels() {
        return Arrays.stream(values())
                .filter(kind -> kind != BROKER_OUTAGE)
                .map(FaultKind::label)
                .toList();
    }
}
