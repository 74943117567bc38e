package io.tributary.log;

import java.time.Duration;
import java.util.Map;

/**
 * How the log uses a Kafka cluster.
 *
 * @param bootstrapServers {@code host:port}, several separated by commas
 * @param lanes number of partitions of every topic; at least 1
 * @param replication number of replicas of a topic that is created; at least 1
 * @param retention how long records of a topic that is created are kept at most; positive. Those that nobody needs are
 *     deleted long before, see {@link ActivationLog#deleteBelow}
 * @param deadline after which a commit, a question to the brokers or a close is given up; 1 s to 10 min
 * @param deliveryTimeout after which an append that the brokers do not take is given up; from the deadline to 30 min
 * @param clientSettings further settings of the Kafka clients, such as {@code security.protocol}; the log's own win
 */
public record KafkaLogConfiguration(
        String bootstrapServers,
        int lanes,
        int replication,
        Duration retention,
        Duration deadline,
        Duration deliveryTimeout,
        Map<String, String> clientSettings) {
    /** A day: longer than any session, for the records of those that were never closed. */
    public static final Duration DEFAULT_RETENTION = Duration.ofHours(24);

    /** Ten seconds: longer than a broker takes to hand its lanes to another one. */
    public static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(10);

    /** Two minutes: longer than a broker takes to start again. */
    public static final Duration DEFAULT_DELIVERY_TIMEOUT = Duration.ofMinutes(2);

    private static final Duration SHORTEST_DEADLINE = Duration.ofSeconds(1);
    private static final Duration LONGEST_DEADLINE = Duration.ofMinutes(10);
    private static final Duration LONGEST_DELIVERY_TIMEOUT = Duration.ofMinutes(30);

    /** @throws IllegalArgumentException for a value outside its range */
    public KafkaLogConfiguration {
        require(!bootstrapServers.isBlank(), "bootstrap servers", bootstrapServers, "host:port");
        require(lanes >= 1, "lanes", lanes, "at least 1");
        require(replication >= 1 && replication <= Short.MAX_VALUE, "replication", replication, "1 to 32767");
        require(retention.isPositive(), "retention", retention, "a positive time");
        boolean bearable = deadline.compareTo(SHORTEST_DEADLINE) >= 0 && deadline.compareTo(LONGEST_DEADLINE) <= 0;
        require(bearable, "deadline", deadline, "1 s to 10 min");
        boolean deliverable =
                deliveryTimeout.compareTo(deadline) >= 0 && deliveryTimeout.compareTo(LONGEST_DELIVERY_TIMEOUT) <= 0;
        require(deliverable, "delivery timeout", deliveryTimeout, "the deadline, %s, to 30 min".formatted(deadline));
        clientSettings = Map.copyOf(clientSettings);
    }

    /** With the default times and without further settings. */
    public static KafkaLogConfiguration of(String bootstrapServers, int lanes, int replication) {
        return new KafkaLogConfiguration(
                bootstrapServers,
                lanes,
                replication,
                DEFAULT_RETENTION,
                DEFAULT_DEADLINE,
                DEFAULT_DELIVERY_TIMEOUT,
                Map.of());
    }

    private static void require(boolean holds, String name, Object value, String allowed) {
        if (!holds) {
            throw new IllegalArgumentException("%s of the log: \"%s\"; %s is needed".formatted(name, value, allowed));
        }
    }
}
