package io.tributary.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.proto.log.v1.LaneRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
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
            reader.commit(Map.of(1, new LanePosition(6, 3, 1795, UpstreamEpochs.NONE.with(0, 17))));
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
            assertThat(found.get()).isEqualTo(Map.of(1, new LanePosition(6, 3, 1795, UpstreamEpochs.NONE.with(0, 17))));
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
                lanes.forEach(lane ->
                        current.join().commit(Map.of(lane, new LanePosition(3, 1, 1, UpstreamEpochs.NONE))));
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
    void aClaimIsWrittenWhenItReturnsAndAnotherOwnerFindsIt() {
        append(1, 0, 3);
        LanePosition claimed = new LanePosition(2, 1, 7, UpstreamEpochs.NONE.with(0, 3));
        try (LogReader<LaneRecord> reader = log.joinGroup(topic, group, new RecordingOwnership())) {
            Readers.read(reader, 3);
            assertThat(reader.claim(1, claimed)).isTrue();
            assertThat(reader.committed(ALL)).isEqualTo(Map.of(1, claimed));
        }
        try (LogReader<LaneRecord> next = log.joinGroup(topic, group, new RecordingOwnership())) {
            assertThat(numbers(Readers.read(next, 1))).containsExactly(2);
            assertThat(next.committed(ALL)).isEqualTo(Map.of(1, claimed));
        }
    }

    @Test
    void anOwnerClaimsALaneAndReplaysItWhileItIsToldOfIt() {
        append(1, 0, 10);
        try (LogReader<LaneRecord> reader = log.joinGroup(topic, group, new RecordingOwnership())) {
            Readers.read(reader, 10);
            reader.commit(Map.of(1, new LanePosition(6, 3, 1, UpstreamEpochs.NONE)));
        }
        CompletableFuture<LogReader<LaneRecord>> current = new CompletableFuture<>();
        Set<Boolean> claims = new HashSet<>();
        LaneOwnership replaying = new LaneOwnership() {
            @Override
            public void assigned(Set<Integer> lanes) {
                LogReader<LaneRecord> reader = current.join();
                reader.committed(lanes).forEach((lane, position) -> {
                    claims.add(reader.claim(lane, new LanePosition(6, 3, 2, UpstreamEpochs.NONE)));
                    reader.seek(lane, position.lowWater());
                });
            }

            @Override
            public void revoked(Set<Integer> lanes) {}
        };
        try (LogReader<LaneRecord> reader = log.joinGroup(topic, group, replaying)) {
            current.complete(reader);
            assertThat(numbers(Readers.read(reader, 7))).containsExactly(3, 4, 5, 6, 7, 8, 9);
            assertThat(claims).containsExactly(true);
            assertThat(reader.committed(ALL)).isEqualTo(Map.of(1, new LanePosition(6, 3, 2, UpstreamEpochs.NONE)));
        }
    }

    @Test
    void aWakeUpDuringAClaimIsKeptForTheNextPoll() {
        append(1, 0, 1);
        try (LogReader<LaneRecord> reader = log.joinGroup(topic, group, new RecordingOwnership())) {
            Readers.read(reader, 1);
            reader.wakeup();
            assertThat(reader.claim(1, new LanePosition(1, 0, 1, UpstreamEpochs.NONE)))
                    .isTrue();
            assertThat(Readers.millisecondsOf(() -> reader.poll(Duration.ofSeconds(60))))
                    .isLessThan(10_000);
        }
    }

    @Test
    void eachLaneIsClaimedByItsOwnerAloneHoweverOftenTheGroupChanges() {
        List<LogReader<LaneRecord>> readers = new ArrayList<>();
        Map<Integer, List<Long>> epochs = new HashMap<>();
        try {
            for (int member = 0; member < 3; member++) {
                CompletableFuture<LogReader<LaneRecord>> current = new CompletableFuture<>();
                LogReader<LaneRecord> reader = log.joinGroup(topic, group, claiming(current, epochs));
                current.complete(reader);
                readers.add(reader);
                Readers.pollUntil(() -> balanced(readers), readers);
            }
        } finally {
            readers.forEach(LogReader::close);
        }
        assertThat(epochs)
                .containsOnlyKeys(ALL)
                .allSatisfy((lane, claimed) -> assertThat(claimed)
                        .isSorted()
                        .doesNotHaveDuplicates()
                        .first()
                        .isEqualTo(1L));
    }

    private static boolean balanced(List<LogReader<LaneRecord>> readers) {
        int share = LANES / readers.size();
        return readers.stream().mapToInt(reader -> reader.lanes().size()).sum() == LANES
                && readers.stream().allMatch(reader -> reader.lanes().size() >= share);
    }

    /** Claims each lane it is told of with the epoch after the committed one, and fails when it is refused. */
    private static LaneOwnership claiming(
            CompletableFuture<LogReader<LaneRecord>> current, Map<Integer, List<Long>> epochs) {
        return new LaneOwnership() {
            @Override
            public void assigned(Set<Integer> lanes) {
                LogReader<LaneRecord> reader = current.join();
                Map<Integer, LanePosition> committed = reader.committed(lanes);
                for (int lane : lanes) {
                    LanePosition before = committed.getOrDefault(lane, new LanePosition(0, 0, 0, UpstreamEpochs.NONE));
                    long epoch = before.epoch() + 1;
                    assertThat(reader.claim(
                                    lane,
                                    new LanePosition(
                                            before.highWater(), before.lowWater(), epoch, UpstreamEpochs.NONE)))
                            .as("claim of lane %d with epoch %d", lane, epoch)
                            .isTrue();
                    epochs.computeIfAbsent(lane, first -> new ArrayList<>()).add(epoch);
                }
            }

            @Override
            public void revoked(Set<Integer> lanes) {}
        };
    }

    @Test
    void aLaneOfAnotherCannotBeClaimedNorSought() {
        append(1, 0, 3);
        RecordingOwnership second = new RecordingOwnership();
        try (LogReader<LaneRecord> one = log.joinGroup(topic, group, new RecordingOwnership());
                LogReader<LaneRecord> other = log.joinGroup(topic, group, second)) {
            Readers.pollUntil(() -> balanced(List.of(one, other)), List.of(one, other));
            for (int lane : one.lanes()) {
                assertThat(other.claim(lane, new LanePosition(0, 0, 9, UpstreamEpochs.NONE)))
                        .isFalse();
                other.seek(lane, 0);
            }
            assertThat(other.claim(LANES, new LanePosition(0, 0, 9, UpstreamEpochs.NONE)))
                    .isFalse();
            assertThat(one.committed(ALL)).isEmpty();
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
                other.commit(Map.of(lane, new LanePosition(0, 0, 0, UpstreamEpochs.NONE)));
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
                    .isThrownBy(() -> reader.commit(Map.of(0, new LanePosition(1, 0, 0, UpstreamEpochs.NONE))))
                    .withMessageContaining(topic.name());
            assertThatIllegalStateException().isThrownBy(() -> reader.committed(Set.of(0)));
            assertThatIllegalStateException()
                    .isThrownBy(() -> reader.claim(0, new LanePosition(1, 0, 1, UpstreamEpochs.NONE)));
        }
    }
}
