package io.tributary.log;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DeletedRecords;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.ReplicaInfo;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Makes topics and looks at their lanes, through the brokers' admin interface. */
final class KafkaTopics implements AutoCloseable {
    private static final long LOOK_AGAIN_MILLISECONDS = 50;

    private final KafkaLogConfiguration configuration;
    private final Admin admin;

    KafkaTopics(KafkaLogConfiguration configuration) {
        this.configuration = configuration;
        this.admin = Admin.create(KafkaSettings.admin(configuration));
    }

    /** Makes those of the topics that do not exist, and returns when all are there with the right number of lanes. */
    void create(Collection<String> names) {
        List<NewTopic> wanted = new ArrayList<>(names.size());
        for (String name : names) {
            wanted.add(new NewTopic(name, configuration.lanes(), (short) configuration.replication())
                    .configs(KafkaSettings.topic(configuration)));
        }
        Map<String, KafkaFuture<Void>> created = admin.createTopics(wanted).values();
        created.forEach(this::awaitCreation);
        names.forEach(this::awaitPresence);
    }

    /**
     * Returns when a topic exists and has the right number of lanes.
     *
     * @throws TopicNotFoundException when it does not exist
     * @throws TopicMismatchException when it has another number of lanes
     * @throws LogUnavailableException when the brokers cannot be asked
     */
    void require(String name) {
        try {
            verify(answer(admin.describeTopics(List.of(name)).allTopicNames()).values());
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof UnknownTopicOrPartitionException) {
                throw new TopicNotFoundException("topic %s does not exist on %s; createTopics makes it"
                        .formatted(name, configuration.bootstrapServers()));
            }
            throw unavailable("look at topic " + name, failure);
        }
    }

    /** Deletes records below offsets, by lane; one above the end deletes all that the lane holds. */
    void deleteBelow(String name, Map<Integer, Long> offsets) {
        Map<TopicPartition, RecordsToDelete> wanted = HashMap.newHashMap(offsets.size());
        offsets.forEach(
                (lane, offset) -> wanted.put(new TopicPartition(name, lane), RecordsToDelete.beforeOffset(offset)));
        Map<TopicPartition, KafkaFuture<DeletedRecords>> deleted =
                admin.deleteRecords(wanted).lowWatermarks();
        for (KafkaFuture<DeletedRecords> lane : deleted.values()) {
            try {
                answer(lane);
            } catch (ExecutionException failure) {
                // The end has moved back, with a topic that was deleted and made again: nothing is left to delete.
                if (!(failure.getCause() instanceof OffsetOutOfRangeException)) {
                    throw unavailable("delete old records of topic " + name, failure);
                }
            }
        }
    }

    /** Bytes on the disks of the leaders, by lane. */
    Map<Integer, Long> sizes(String name) {
        try {
            Map<Integer, Integer> leaders = new HashMap<>();
            for (TopicDescription description :
                    answer(admin.describeTopics(List.of(name)).allTopicNames()).values()) {
                for (TopicPartitionInfo partition : description.partitions()) {
                    if (partition.leader() != null) {
                        leaders.put(partition.partition(), partition.leader().id());
                    }
                }
            }
            Map<Integer, Map<String, LogDirDescription>> disks =
                    answer(admin.describeLogDirs(Set.copyOf(leaders.values())).allDescriptions());
            return sizes(name, leaders, disks);
        } catch (ExecutionException failure) {
            throw unavailable("ask for the size of topic " + name, failure);
        }
    }

    private static Map<Integer, Long> sizes(
            String name, Map<Integer, Integer> leaders, Map<Integer, Map<String, LogDirDescription>> disks) {
        Map<Integer, Long> sizes = new HashMap<>();
        leaders.forEach((lane, broker) -> {
            TopicPartition partition = new TopicPartition(name, lane);
            for (LogDirDescription disk : disks.getOrDefault(broker, Map.of()).values()) {
                ReplicaInfo replica = disk.replicaInfos().get(partition);
                if (replica != null) {
                    sizes.merge(lane, replica.size(), Long::sum);
                }
            }
        });
        return sizes;
    }

    @Override
    public void close() {
        admin.close(configuration.deadline());
    }

    private void awaitCreation(String name, KafkaFuture<Void> creation) {
        try {
            answer(creation);
        } catch (ExecutionException failure) {
            if (!(failure.getCause() instanceof TopicExistsException)) {
                throw unavailable("make topic " + name, failure);
            }
        }
    }

    // A broker may hear of a new topic a moment after the controller has made it.
    private void awaitPresence(String name) {
        long deadline = System.nanoTime() + configuration.deadline().toNanos();
        while (true) {
            try {
                require(name);
                return;
            } catch (TopicNotFoundException notYet) {
                if (System.nanoTime() >= deadline) {
                    throw notYet;
                }
                pause();
            }
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLISECONDS);
        } catch (InterruptedException interruption) {
            throw interrupted();
        }
    }

    private void verify(Collection<TopicDescription> descriptions) {
        descriptions.forEach(this::verify);
    }

    private void verify(TopicDescription description) {
        int partitions = description.partitions().size();
        if (partitions != configuration.lanes()) {
            throw new TopicMismatchException(
                    "topic %s on %s has %d lanes, not %d; configure all services with %d lanes, or delete the topic"
                            .formatted(
                                    description.name(),
                                    configuration.bootstrapServers(),
                                    partitions,
                                    configuration.lanes(),
                                    partitions));
        }
    }

    private <A> A answer(KafkaFuture<A> question) throws ExecutionException {
        try {
            // The client's own deadline comes first; this one is for a client that hangs.
            return question.get(configuration.deadline().toMillis() * 2, TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw unavailable("get an answer", late);
        } catch (InterruptedException interruption) {
            throw interrupted();
        }
    }

    private static LogInterruptedException interrupted() {
        Thread.currentThread().interrupt();
        return new LogInterruptedException("interrupted while waiting for an answer about topics");
    }

    private LogUnavailableException unavailable(String what, Exception cause) {
        return KafkaFailures.unavailable(configuration, what, cause);
    }
}
