package io.tributary.log;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.FencedMemberEpochException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/** One reader's part in a Kafka consumer group: lanes gained and lost, and positions committed. */
final class KafkaGroup implements ConsumerRebalanceListener {
    private static final System.Logger LOGGER = System.getLogger(KafkaGroup.class.getName());

    // The broker raises a member's epoch a moment before the member hears of it, with each change of the group, and
    // refuses its commits in between although it owns its lanes still. A member that lost a lane cannot pass by being
    // patient: it gets a new epoch only after its own thread was told of the loss, which is in this call meanwhile.
    private static final int CLAIM_ATTEMPTS = 5;
    private static final long CLAIM_AGAIN_MILLISECONDS = 100;

    private final KafkaLogConfiguration configuration;
    private final Topic<?> topic;
    private final org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer;
    private final LaneOwnership listener;
    // The next owner starts at the committed position, so a commit must have ended before the lanes are given up.
    private boolean givingUp;
    // The group takes the commits of a member that it has given up as long as it has no other, so none is made.
    private boolean lost;
    private final Set<Integer> announced = new HashSet<>();
    private @Nullable RuntimeException listenerFailure;

    KafkaGroup(
            KafkaLogConfiguration configuration,
            Topic<?> topic,
            org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer,
            LaneOwnership listener) {
        this.configuration = configuration;
        this.topic = topic;
        this.consumer = consumer;
        this.listener = listener;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        Set<Integer> gained = lanes(partitions);
        announced.addAll(gained);
        tell(listener::assigned, gained);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        givingUp = true;
        try {
            withdraw(partitions);
        } finally {
            givingUp = false;
        }
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        lost = true;
        try {
            withdraw(partitions);
        } finally {
            lost = false;
        }
    }

    // A member that is replaced while it gives lanes up hears of these once more, among all that it has lost.
    private void withdraw(Collection<TopicPartition> partitions) {
        Set<Integer> withdrawn = lanes(partitions);
        withdrawn.retainAll(announced);
        announced.removeAll(withdrawn);
        tell(listener::revoked, withdrawn);
    }

    private void tell(Consumer<Set<Integer>> event, Set<Integer> lanes) {
        if (lanes.isEmpty()) {
            return;
        }
        try {
            event.accept(Set.copyOf(lanes));
        } catch (RuntimeException failure) {
            listenerFailure = failure;
            throw failure;
        }
    }

    /** Throws what the listener threw, which Kafka wraps, if it threw anything since the last call. */
    void rethrowListenerFailure() {
        RuntimeException failure = listenerFailure;
        listenerFailure = null;
        if (failure != null) {
            throw failure;
        }
    }

    void commit(Map<Integer, LanePosition> positions) {
        Map<TopicPartition, OffsetAndMetadata> offsets = HashMap.newHashMap(positions.size());
        Set<TopicPartition> owned = owned();
        positions.forEach((lane, position) -> {
            TopicPartition partition = new TopicPartition(topic.name(), lane);
            if (owned.contains(partition)) {
                offsets.put(partition, CommittedPosition.encoded(position));
            }
        });
        if (offsets.isEmpty()) {
            return;
        }
        if (givingUp) {
            commitNow(offsets);
        } else {
            // The client hands over no offsets when it hands over a failure.
            consumer.commitAsync(offsets, (_, failure) -> {
                if (failure != null) {
                    report(offsets, failure);
                }
            });
        }
    }

    private Set<TopicPartition> owned() {
        return lost ? Set.of() : consumer.assignment();
    }

    private static Set<Integer> lanes(Collection<TopicPartition> partitions) {
        return partitions.stream().map(TopicPartition::partition).collect(Collectors.toCollection(TreeSet::new));
    }

    private void commitNow(Map<TopicPartition, OffsetAndMetadata> offsets) {
        try {
            undisturbed(() -> {
                consumer.commitSync(offsets, configuration.deadline());
                return offsets;
            });
        } catch (KafkaException failure) {
            report(offsets, failure);
        }
    }

    /** Commits a lane's position at once; false when the group does not take it from this member. */
    boolean claim(int lane, LanePosition position) {
        TopicPartition partition = new TopicPartition(topic.name(), lane);
        Map<TopicPartition, OffsetAndMetadata> offsets = Map.of(partition, CommittedPosition.encoded(position));
        for (int attempt = 1; owned().contains(partition); attempt++) {
            if (taken(offsets)) {
                return true;
            }
            if (attempt == CLAIM_ATTEMPTS) {
                return false;
            }
            pause(lane);
        }
        return false;
    }

    private boolean taken(Map<TopicPartition, OffsetAndMetadata> offsets) {
        return KafkaFailures.translated(configuration, "claim a lane of topic " + topic.name(), () -> {
            try {
                undisturbed(() -> {
                    consumer.commitSync(offsets, configuration.deadline());
                    return offsets;
                });
                return true;
            } catch (CommitFailedException | RebalanceInProgressException refused) {
                return false;
            } catch (FencedInstanceIdException | UnknownMemberIdException | FencedMemberEpochException replaced) {
                return false;
            }
        });
    }

    private void pause(int lane) {
        try {
            TimeUnit.MILLISECONDS.sleep(CLAIM_AGAIN_MILLISECONDS);
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new LogInterruptedException(
                    "interrupted while claiming lane %d of topic %s".formatted(lane, topic.name()));
        }
    }

    Map<Integer, LanePosition> committed(Set<Integer> lanes) {
        Set<TopicPartition> asked = lanes.stream()
                .map(lane -> new TopicPartition(topic.name(), lane))
                .collect(Collectors.toSet());
        Map<TopicPartition, OffsetAndMetadata> answer = KafkaFailures.translated(
                configuration,
                "ask for the committed positions of topic " + topic.name(),
                () -> undisturbed(() -> consumer.committed(asked, configuration.deadline())));
        Map<Integer, LanePosition> committed = HashMap.newHashMap(lanes.size());
        answer.forEach((partition, offset) -> {
            if (offset != null) {
                committed.put(partition.partition(), CommittedPosition.decoded(offset));
            }
        });
        return committed;
    }

    /** Keeps a wake-up, which is meant for a poll, for the next poll. */
    private <R> R undisturbed(Supplier<R> call) {
        try {
            return call.get();
        } catch (WakeupException meantForPoll) {
            try {
                return call.get();
            } finally {
                consumer.wakeup();
            }
        }
    }

    private void report(Map<TopicPartition, OffsetAndMetadata> offsets, Exception failure) {
        LOGGER.log(
                System.Logger.Level.WARNING,
                ("the positions of lanes %s of topic %s were not committed (%s); the next commit makes up for it, or"
                                + " else the next owner replays")
                        .formatted(lanes(offsets.keySet()), topic.name(), failure));
    }
}
