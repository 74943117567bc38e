package io.tributary.log;

import java.time.Duration;
import java.util.Map;

/**
 * How the log uses a Kafka cluster.
 *
 * @param bootstrapServers {@code host:port}, several separated by commas
 * @param lanes number of partitions of every topic; at least 1
 * @param replication number of replicas of a topic that is created; at least 1
 * @param retention how long records of a topic that is created are kept; positive
 * @param deadline after which an append, a commit, a question to the brokers or a close is given up; 1 s to 10 min
 * @param clientSettings further settings of the Kafka clients, such as {@code security.protocol}; the log's own win
 */
public record KafkaLogConfiguration(
        String bootstrapServers,
        int lanes,
        int replication,
        Duration retention,
        Duration deadline,
        Map<String, String> clientSettings) {
    /** Ten minutes: longer than a session may take to move to another shard. */
    public static final Duration DEFAULT_RETENTION = Duration.ofMinutes(10);

    /** Ten seconds: longer than a broker takes to hand its lanes to another one. */
    public static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(10);

    private static final Duration SHORTEST_DEADLINE = Duration.ofSeconds(1);
    private static final Duration LONGEST_DEADLINE = Duration.ofMinutes(10);

    /** @throws IllegalArgumentException for a value outside its range */
    public KafkaLogConfiguration {
        require(!bootstrapServers.isBlank(), "bootstrap servers", bootstrapServers, "host:port");
        require(lanes >= 1, "lanes", lanes, "at least 1");
        require(replication >= 1 && replication <= Short.MAX_VALUE, "replication", replication, "1 to 32767");
        require(retention.isPositive(), "retention", retention, "a positive time");
        boolean bearable = deadline.compareTo(SHORTEST_DEADLINE) >= 0 && deadline.compareTo(LONGEST_DEADLINE) <= 0;
        require(bearable, "deadline", deadline, "1 s to 10 min");
        clientSettings = Map.copyOf(clientSettings);
    }

    /** With the default retention and deadline and without further settings. */
    public static KafkaLogConfiguration of(String bootstrapServers, int lanes, int replication) {
        return new KafkaLogConfiguration(
                bootstrapServers, lanes, replication, DEFAULT_RETENTION, DEFAULT_DEADLINE, Map.of());
    }

    private static void require(boolean holds, String name, Object value, String allowed) {
        if (!holds) {
            throw new IllegalArgumentException("%s of the log: \"%s\"; %s is needed".formatted(name, value, allowed));
        }
    }
}
