package io.tributary.log;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DeletedRecords;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Makes topics, looks at their lanes and deletes their old records, through the brokers' admin interface. */
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
        verify(described(name));
    }

    private TopicDescription described(String name) {
        try {
            return answer(Objects.requireNonNull(
                    admin.describeTopics(List.of(name)).topicNameValues().get(name)));
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof UnknownTopicOrPartitionException) {
                throw new TopicNotFoundException("topic %s does not exist on %s; createTopics makes it"
                        .formatted(name, configuration.bootstrapServers()));
            }
            throw unavailable("look at topic " + name, failure);
        }
    }

    /**
     * Deletes the records of a topic below an offset of each lane; an offset above the end deletes all there are.
     *
     * @throws LogUnavailableException when it cannot be done
     */
    void deleteBelow(String name, Map<Integer, Long> offsets) {
        Map<TopicPartition, Long> wanted = HashMap.newHashMap(offsets.size());
        offsets.forEach((lane, offset) -> wanted.put(new TopicPartition(name, lane), offset));
        Map<TopicPartition, Long> outOfRange = deleted(name, wanted);
        if (!outOfRange.isEmpty()) {
            // A lane that is cut short between question and answer has no such records either: no error.
            var _ = deleted(name, toTheEnd(name, outOfRange));
        }
    }

    /** Deletes, and returns what lies beyond the end of its lane. */
    private Map<TopicPartition, Long> deleted(String name, Map<TopicPartition, Long> offsets) {
        Map<TopicPartition, RecordsToDelete> wanted = HashMap.newHashMap(offsets.size());
        offsets.forEach((partition, offset) -> wanted.put(partition, RecordsToDelete.beforeOffset(offset)));
        Map<TopicPartition, KafkaFuture<DeletedRecords>> deletions =
                admin.deleteRecords(wanted).lowWatermarks();
        Map<TopicPartition, Long> beyond = new HashMap<>();
        offsets.forEach((partition, offset) -> {
            try {
                var _ = answer(Objects.requireNonNull(deletions.get(partition)));
            } catch (ExecutionException failure) {
                if (!(failure.getCause() instanceof OffsetOutOfRangeException)) {
                    throw unavailable("delete old records of topic " + name, failure);
                }
                beyond.put(partition, offset);
            }
        });
        return beyond;
    }

    private Map<TopicPartition, Long> toTheEnd(String name, Map<TopicPartition, Long> offsets) {
        Map<TopicPartition, OffsetSpec> latest = HashMap.newHashMap(offsets.size());
        offsets.keySet().forEach(partition -> latest.put(partition, OffsetSpec.latest()));
        ListOffsetsResult ends = admin.listOffsets(latest);
        Map<TopicPartition, Long> bounded = HashMap.newHashMap(offsets.size());
        offsets.forEach((partition, offset) -> {
            try {
                bounded.put(
                        partition,
                        Math.min(offset, answer(ends.partitionResult(partition)).offset()));
            } catch (ExecutionException failure) {
                throw unavailable("ask for the ends of topic " + name, failure);
            }
        });
        return bounded;
    }

    /**
     * Bytes of a topic's lanes on the disks of their leaders.
     *
     * @throws TopicNotFoundException when it does not exist
     * @throws LogUnavailableException when the brokers cannot be asked
     */
    Map<Integer, Long> sizes(String name) {
        Map<Integer, Integer> leaders = leaders(described(name));
        Map<Integer, Long> sizes = HashMap.newHashMap(configuration.lanes());
        // A lane takes no room until its leader has made its directory.
        IntStream.range(0, configuration.lanes()).forEach(lane -> sizes.put(lane, 0L));
        try {
            answer(admin.describeLogDirs(Set.copyOf(leaders.values())).allDescriptions())
                    .forEach((broker, directories) -> directories
                            .values()
                            .forEach(directory -> directory.replicaInfos().forEach((partition, replica) -> {
                                int lane = partition.partition();
                                boolean leads = broker.equals(leaders.get(lane)) && !replica.isFuture();
                                if (leads && partition.topic().equals(name)) {
                                    sizes.put(lane, replica.size());
                                }
                            })));
        } catch (ExecutionException failure) {
            throw unavailable("ask for the size of topic " + name, failure);
        }
        return sizes;
    }

    private static Map<Integer, Integer> leaders(TopicDescription description) {
        Map<Integer, Integer> leaders =
                HashMap.newHashMap(description.partitions().size());
        for (TopicPartitionInfo partition : description.partitions()) {
            Node leader = partition.leader();
            if (leader != null) {
                leaders.put(partition.partition(), leader.id());
            }
        }
        return leaders;
    }

    /**
     * Returns when the leader of every lane takes records. A leader may hear of a new topic later than those who describe
     * it, and one that refuses a new producer's first batch but takes the second never takes the first again.
     *
     * @throws LogUnavailableException when a lane has no such leader within the deadline
     */
    void awaitLeaders(String name) {
        Map<TopicPartition, OffsetSpec> latest = HashMap.newHashMap(configuration.lanes());
        IntStream.range(0, configuration.lanes())
                .forEach(lane -> latest.put(new TopicPartition(name, lane), OffsetSpec.latest()));
        try {
            var _ = answer(admin.listOffsets(latest).all());
        } catch (ExecutionException failure) {
            throw unavailable("find leaders for the lanes of topic " + name, failure);
        }
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
