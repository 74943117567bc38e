package io.tributary.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.proto.log.v1.LaneRecord;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Sharing lanes within a group, for both transports. */
abstract class GroupContract extends RecordContract {
    private static final Set<Integer> ALL = Set.of(0, 1, 2, 3, 4);

    private final String group = "shards-of-" + topic.name();

    @Test
    void aGroupStartsAtTheOldestRecord() {
        append(4, 0, 3);
        try (LogReader<LaneRecord> reader = log.joinGroup(topic, group, new RecordingOwnership())) {
            assertThat(numbers(Readers.read(reader, 3))).containsExactly(0, 1, 2);
        }
    }

    @Test
    void readersOfAGroupSplitTheLanesEvenlyAndTakeThemBack() {
        RecordingOwnership first = new RecordingOwnership();
        RecordingOwnership second = new RecordingOwnership();
        try (LogReader<LaneRecord> one = log.joinGroup(topic, group, first)) {
            Readers.pollUntil(() -> first.owned().equals(ALL), List.of(one));
            try (LogReader<LaneRecord> other = log.joinGroup(topic, group, second)) {
                Readers.pollUntil(
                        () -> first.owned().size() + second.owned().size() == LANES
                                && !second.owned().isEmpty(),
                        List.of(one, other));
                assertThat(second.owned().size()).isBetween(2, 3);
                assertThat(one.lanes()).isEqualTo(first.owned());
                assertThat(other.lanes()).isEqualTo(second.owned());
                Set<Integer> together = new TreeSet<>(first.owned());
                together.addAll(second.owned());
                assertThat(together).isEqualTo(ALL);
                assertEachReadsItsOwnLanes(one, other);
            }
            assertThat(second.owned()).isEmpty();
            Readers.pollUntil(() -> first.owned().equals(ALL), List.of(one));
        }
        assertThat(first.owned()).isEmpty();
    }

    private void assertEachReadsItsOwnLanes(LogReader<LaneRecord> one, LogReader<LaneRecord> other) {
        for (int lane = 0; lane < LANES; lane++) {
            append(lane, lane, lane + 1);
        }
        assertThat(numbers(Readers.read(one, one.lanes().size()))).containsExactlyInAnyOrderElementsOf(one.lanes());
        assertThat(numbers(Readers.read(other, other.lanes().size())))
                .containsExactlyInAnyOrderElementsOf(other.lanes());
    }

    @Test
    void groupsDoNotDisturbEachOther() {
        append(2, 0, 2);
        try (LogReader<LaneRecord> one = log.joinGroup(topic, group, new RecordingOwnership());
                LogReader<LaneRecord> other = log.joinGroup(topic, group + "-other", new RecordingOwnership())) {
            assertThat(numbers(Readers.read(one, 2))).containsExactly(0, 1);
            assertThat(numbers(Readers.read(other, 2))).containsExactly(0, 1);
        }
    }

    @Test
    void aGroupContinuesWhereItCommittedAndFindsItsLowWaterMark() {
        append(1, 0, 10);
        try (LogReader<LaneRecord> reader = log.joinGroup(topic, group, new RecordingOwnership())) {
            Readers.read(reader, 10);
            reader.commit(Map.of(1, new LanePosition(6, 3, 1795, 17)));
        }
        AtomicReference<Map<Integer, LanePosition>> found = new AtomicReference<>(Map.of());
        CompletableFuture<LogReader<LaneRecord>> current = new CompletableFuture<>();
        LaneOwnership asking = new LaneOwnership() {
            @Override
            public void assigned(Set<Integer> lanes) {
                found.set(current.join().committed(lanes));
            }

            @Override
            public void revoked(Set<Integer> lanes) {}
        };
        try (LogReader<LaneRecord> reader = log.joinGroup(topic, group, asking)) {
            current.complete(reader);
            assertThat(numbers(Readers.read(reader, 4))).containsExactly(6, 7, 8, 9);
            assertThat(found.get()).isEqualTo(Map.of(1, new LanePosition(6, 3, 1795, 17)));
            assertThat(reader.committed(Set.of(0))).isEmpty();
        }
    }

    @Test
    void whatIsCommittedWhileLanesAreGivenUpIsWhereTheNextOwnerStarts() {
        for (int lane = 0; lane < LANES; lane++) {
            append(lane, 0, 4);
        }
        CompletableFuture<LogReader<LaneRecord>> current = new CompletableFuture<>();
        LaneOwnership committing = new LaneOwnership() {
            @Override
            public void assigned(Set<Integer> lanes) {}

            @Override
            public void revoked(Set<Integer> lanes) {
                lanes.forEach(lane -> current.join().commit(Map.of(lane, new LanePosition(3, 1, 1, 0))));
            }
        };
        RecordingOwnership second = new RecordingOwnership();
        try (LogReader<LaneRecord> one = log.joinGroup(topic, group, committing)) {
            current.complete(one);
            Readers.read(one, 4 * LANES);
            try (LogReader<LaneRecord> other = log.joinGroup(topic, group, second)) {
                Set<Integer> numbers = new HashSet<>();
                Readers.until(() -> {
                    one.poll(Duration.ofMillis(20));
                    numbers.addAll(numbers(other.poll(Duration.ofMillis(20))));
                    return !numbers.isEmpty();
                });
                assertThat(numbers).containsExactly(3);
                assertThat(other.committed(second.owned()))
                        .hasSize(second.owned().size());
            }
        }
    }

    @Test
    void aCommitForLanesOfOthersIsLeftOut() {
        RecordingOwnership second = new RecordingOwnership();
        try (LogReader<LaneRecord> one = log.joinGroup(topic, group, new RecordingOwnership());
                LogReader<LaneRecord> other = log.joinGroup(topic, group, second)) {
            Readers.pollUntil(
                    () -> one.lanes().size() + other.lanes().size() == LANES
                            && !second.owned().isEmpty()
                            && second.owned().size() < LANES,
                    List.of(one, other));
            for (int lane = 0; lane < LANES; lane++) {
                other.commit(Map.of(lane, new LanePosition(0, 0, 0, 0)));
            }
            Readers.pollUntil(() -> one.committed(ALL).size() >= second.owned().size(), List.of(one, other));
            assertThat(one.committed(ALL)).containsOnlyKeys(second.owned());
        }
    }

    @Test
    void whatTheListenerThrowsComesOutOfThePoll() {
        LaneOwnership failing = new LaneOwnership() {
            @Override
            public void assigned(Set<Integer> lanes) {
                throw new UnsupportedOperationException("no room for another lane");
            }

            @Override
            public void revoked(Set<Integer> lanes) {}
        };
        try (LogReader<LaneRecord> reader = log.joinGroup(topic, group, failing)) {
            assertThatThrownBy(() -> Readers.read(reader, 1))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessage("no room for another lane");
        }
    }

    @Test
    void aFollowerCannotCommit() {
        try (LogReader<LaneRecord> reader = log.followFromEnd(topic)) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> reader.commit(Map.of(0, new LanePosition(1, 0, 0, 0))))
                    .withMessageContaining(topic.name());
            assertThatIllegalStateException().isThrownBy(() -> reader.committed(Set.of(0)));
        }
    }
}
