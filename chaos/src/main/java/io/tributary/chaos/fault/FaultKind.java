package io.tributary.chaos.fault;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

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
    SCALE_IN(500, 3_000),
    /** A router is killed, and started again after a while. */
    ROUTER_KILL(500, 3_000),
    /** A router stands still, at times for longer than stages wait for an answer, and then goes on. */
    ROUTER_PAUSE(5_000, 25_000),
    /** An expert shard is killed, and started again after a while. */
    EXPERT_KILL(500, 3_000),
    /** An expert shard, or the network to it, stands still for longer than routers wait for it, and then goes on. */
    EXPERT_PAUSE(5_000, 12_000),
    /** All expert shards that hold the same experts are killed at once, and started again after a while. */
    EXPERT_OUTAGE(500, 3_000);

    private static final Set<FaultKind> OF_EXPERTS =
            EnumSet.of(ROUTER_KILL, ROUTER_PAUSE, EXPERT_KILL, EXPERT_PAUSE, EXPERT_OUTAGE);

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

    /** Whether it is done to routers or expert shards, which only the mesh of a model with experts has. */
    public boolean needsExperts() {
        return OF_EXPERTS.contains(this);
    }

    /**
     * The kinds of which a run of some minutes has room for several.
     *
     * @param experts whether the mesh has routers and expert shards
     */
    public static Set<FaultKind> usual(boolean experts) {
        return Arrays.stream(values())
                .filter(kind -> kind != BROKER_OUTAGE && (experts || !kind.needsExperts()))
                .collect(Collectors.toUnmodifiableSet());
    }
}
