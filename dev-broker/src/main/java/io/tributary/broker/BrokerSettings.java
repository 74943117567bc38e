package io.tributary.broker;

import java.util.LinkedHashMap;
import java.util.Map;

/** Kafka's settings for one broker on a small machine that is shared with other work. */
final class BrokerSettings {
    static final int NODE = 1;
    static final String CONTROLLER_LISTENER = "CONTROLLER";

    private BrokerSettings() {}

    static Map<String, String> of(DevBrokerConfiguration configuration) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.putAll(identity(configuration));
        settings.putAll(SINGLE_REPLICA);
        settings.putAll(FEW_THREADS);
        settings.putAll(BOUNDED_DISK);
        settings.putAll(PROMPT_GROUPS);
        settings.put("auto.create.topics.enable", "false");
        return settings;
    }

    private static Map<String, String> identity(DevBrokerConfiguration configuration) {
        String clients = "PLAINTEXT://127.0.0.1:" + configuration.port();
        String controller = "127.0.0.1:" + configuration.controllerPort();
        return Map.of(
                "process.roles",
                "broker,controller",
                "node.id",
                Integer.toString(NODE),
                "controller.quorum.voters",
                NODE + "@" + controller,
                "listeners",
                clients + "," + CONTROLLER_LISTENER + "://" + controller,
                "advertised.listeners",
                clients,
                "controller.listener.names",
                CONTROLLER_LISTENER,
                "inter.broker.listener.name",
                "PLAINTEXT",
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT," + CONTROLLER_LISTENER + ":PLAINTEXT",
                "log.dirs",
                configuration.dataDirectory().toAbsolutePath().toString());
    }

    private static final Map<String, String> SINGLE_REPLICA = Map.of(
            "offsets.topic.replication.factor", "1",
            "offsets.topic.num.partitions", "1",
            "transaction.state.log.replication.factor", "1",
            "transaction.state.log.min.isr", "1",
            "transaction.state.log.num.partitions", "1",
            "share.coordinator.state.topic.replication.factor", "1",
            "share.coordinator.state.topic.min.isr", "1",
            "share.coordinator.state.topic.num.partitions", "1");

    private static final Map<String, String> FEW_THREADS = Map.of(
            "num.network.threads", "2",
            "num.io.threads", "2",
            "background.threads", "2",
            "num.recovery.threads.per.data.dir", "1",
            "group.coordinator.threads", "1",
            "log.cleaner.threads", "1",
            "log.cleaner.dedupe.buffer.size", Integer.toString(16 << 20));

    // Unless a topic says otherwise: ten minutes or 128 MiB a partition, whichever comes first, in segments small
    // enough
    // for deletion to keep up.
    private static final Map<String, String> BOUNDED_DISK = Map.of(
            "log.segment.bytes", Integer.toString(16 << 20),
            "log.index.size.max.bytes", Integer.toString(1 << 20),
            "log.retention.ms", Integer.toString(600_000),
            "log.retention.bytes", Integer.toString(128 << 20),
            "log.retention.check.interval.ms", "10000",
            "log.initial.task.delay.ms", "10000",
            "log.segment.delete.delay.ms", "1000",
            "offsets.topic.segment.bytes", Integer.toString(16 << 20),
            "transaction.state.log.segment.bytes", Integer.toString(16 << 20),
            "share.coordinator.state.topic.segment.bytes", Integer.toString(16 << 20));

    // Readers learn of a hand-over from a heartbeat, whose interval the broker dictates: half a second instead of five.
    private static final Map<String, String> PROMPT_GROUPS = Map.of(
            "group.initial.rebalance.delay.ms", "0",
            "group.consumer.heartbeat.interval.ms", "500",
            "group.consumer.min.heartbeat.interval.ms", "500",
            "group.consumer.session.timeout.ms", "10000",
            "group.consumer.min.session.timeout.ms", "6000");
}
