package io.tributary.edge;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Map;

/** Where the activation log is. */
@ConfigMapping(prefix = "tributary.log")
public interface LogConfiguration {
    /** How services exchange records: `kafka`, or `in-process` when all of them run in one JVM. */
    @WithDefault("kafka")
    Transport transport();

    /** Kafka brokers to begin with, comma-separated `host:port`. */
    @WithDefault("127.0.0.1:9092")
    String bootstrapServers();

    /** Number of lanes: partitions of every topic of a model. All services of a mesh need the same number. */
    @WithDefault("8")
    int lanes();

    /** Copies that Kafka keeps of each record. */
    @WithDefault("1")
    int replication();

    /** How long Kafka keeps records at most; longer than any session. Those that nobody needs are deleted before. */
    @WithDefault("24h")
    Duration retention();

    /** After how long a commit or a question to the brokers is given up. */
    @WithDefault("10s")
    Duration deadline();

    /** After how long an append that the brokers do not take is given up; longer than any restart of a broker. */
    @WithDefault("2m")
    Duration deliveryTimeout();

    /** Further settings of the Kafka clients, such as `security.protocol`. */
    Map<String, String> client();

    /** The transports of the activation log. */
    enum Transport {
        KAFKA,
        IN_PROCESS
    }
}
