package io.tributary.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.proto.log.v1.LaneRecord;
import io.tributary.proto.log.v1.TokenRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class InProcessLogTest extends GroupContract {
    private static final int BOUND = 700;
    private static final int SPARE = 100;

    @Override
    ActivationLog openLog() {
        return new InProcessLog(
                LANES, new LaneBounds(BOUND, LogWriter.MAXIMAL_RECORD_BYTES, SPARE, LogWriter.MAXIMAL_RECORD_BYTES));
    }

    @Test
    void messagesArePassedByReference() {
        LaneRecord sent = numbered(1);
        try (LogReader<LaneRecord> reader = log.followFromEnd(topic)) {
            assertThat(append(log.writer(topic), 0, sent)).isCompletedWithValue(0L);
            assertThat(Readers.read(reader, 1).getFirst().value()).isSameAs(sent);
        }
    }

    @Test
    void aLaneThatHoldsAsManyRecordsAsItMayRefusesAtOnceAndTakesMoreOnceTheyAreRead() {
        try (LogReader<LaneRecord> reader = log.followFromEnd(topic)) {
            append(3, 0, BOUND);
            assertFull(numbered(BOUND), "700 of 700 records");
            append(2, 0, 1);
            Readers.read(reader, BOUND + 1);
            append(3, BOUND, BOUND + 1);
        }
    }

    @Test
    void aLaneThatHoldsAsManyBytesAsItMayRefusesAtOnce() {
        try (LogReader<LaneRecord> reader = log.followFromEnd(topic)) {
            LogWriter<LaneRecord> writer = log.writer(topic);
            assertThat(append(writer, 3, ofBytes(LogWriter.MAXIMAL_RECORD_BYTES - 1)))
                    .isCompletedWithValue(0L);
            assertFull(ofBytes(200), "8388607 of 8388608 bytes");
            Readers.read(reader, 1);
            assertThat(append(writer, 3, ofBytes(200))).isCompletedWithValue(1L);
        }
    }

    @Test
    void aGroupHoldsRecordsUntilItsLowWaterMarkHasPassedThem() {
        append(3, 0, BOUND);
        try (LogReader<LaneRecord> reader = log.joinGroup(topic, "shards", new RecordingOwnership())) {
            Readers.read(reader, BOUND);
            assertFull(numbered(BOUND), "groups [shards]");
            reader.commit(Map.of(3, new LanePosition(BOUND, 0, 1, UpstreamEpochs.NONE)));
            assertFull(numbered(BOUND), "from offset 0 on");
            reader.commit(Map.of(3, new LanePosition(BOUND, BOUND - 1, 1, UpstreamEpochs.NONE)));
            append(3, BOUND, 2 * BOUND - 1);
            assertFull(numbered(0), "from offset 699 on");
        }
    }

    @Test
    void aNewOwnerStartsAtTheHighWaterMarkAndFindsEverythingFromTheLowWaterMarkOn() {
        append(3, 0, 300);
        try (LogReader<LaneRecord> reader = log.joinGroup(topic, "shards", new RecordingOwnership())) {
            Readers.read(reader, 300);
            reader.commit(Map.of(3, new LanePosition(298, 150, 1, UpstreamEpochs.NONE)));
        }
        append(3, 300, 301);
        try (LogReader<LaneRecord> next = log.joinGroup(topic, "shards", new RecordingOwnership())) {
            assertThat(numbers(Readers.read(next, 3))).containsExactly(298, 299, 300);
            next.seek(3, 0);
            assertThat(numbers(Readers.read(next, 251))).startsWith(50).endsWith(300);
        }
    }

    @Test
    void ofWhatNobodyNeedsTheLatestIsSpared() {
        try (LogReader<LaneRecord> reader = log.followFromEnd(topic)) {
            append(3, 0, 300);
            Readers.read(reader, 300);
            try (LogReader<LaneRecord> curious = log.followLane(topic, 3, 0)) {
                assertThat(numbers(Readers.read(curious, SPARE))).startsWith(300 - SPARE);
            }
        }
    }

    @Test
    void whatIsSparedGivesWayToRecordsThatAreNeeded() {
        try (LogReader<LaneRecord> reader = log.followFromEnd(topic)) {
            append(3, 0, SPARE);
            Readers.read(reader, SPARE);
            append(3, SPARE, SPARE + BOUND);
            assertFull(numbered(0), "from offset 100 on");
        }
    }

    @Test
    void whatNobodyEverAskedForWaitsForItsFirstReader() {
        append(3, 0, BOUND);
        assertFull(numbered(BOUND), "700 of 700 records");
        try (LogReader<LaneRecord> reader = log.joinGroup(topic, "shards", new RecordingOwnership())) {
            assertThat(numbers(Readers.read(reader, BOUND))).startsWith(0).hasSize(BOUND);
        }
    }

    @Test
    void whatAFollowerOrAGroupNeedsIsNotDeleted() {
        append(3, 0, 5);
        append(2, 0, 5);
        try (LogReader<LaneRecord> group = log.joinGroup(topic, "shards", new RecordingOwnership());
                LogReader<LaneRecord> follower = log.followLane(topic, 3, 2)) {
            Readers.read(group, 10);
            group.commit(Map.of(
                    3,
                    new LanePosition(5, 4, 1, UpstreamEpochs.NONE),
                    2,
                    new LanePosition(5, 3, 1, UpstreamEpochs.NONE)));
            log.deleteBelow(topic, Map.of(3, 5L, 2, 5L));
            group.seek(2, 0);
            group.seek(3, 0);
            assertThat(numbers(Readers.read(group, 5))).containsExactlyInAnyOrder(3, 4, 2, 3, 4);
            assertThat(numbers(Readers.read(follower, 3))).containsExactly(2, 3, 4);
        }
    }

    @Test
    void aFollowerThatClosesHoldsNothingBack() {
        try (LogReader<LaneRecord> reader = log.followFromEnd(topic)) {
            LogReader<LaneRecord> slow = log.followFromEnd(topic);
            append(3, 0, BOUND);
            Readers.read(reader, BOUND);
            assertFull(numbered(BOUND), "from offset 0 on");
            slow.close();
            append(3, BOUND, BOUND + 1);
        }
    }

    @Test
    void onePollReturnsNoMoreThanItMayAndTheNextTheRest() {
        try (LogReader<LaneRecord> reader = log.followFromEnd(topic)) {
            append(0, 0, BOUND);
            append(1, 0, 1);
            assertThat(reader.poll(Duration.ZERO)).hasSize(LogReader.MAXIMAL_POLL_RECORDS);
            assertThat(reader.poll(Duration.ZERO)).hasSize(BOUND + 1 - LogReader.MAXIMAL_POLL_RECORDS);
            assertThat(reader.poll(Duration.ZERO)).isEmpty();
        }
    }

    @Test
    void aTopicOfOtherRecordsIsRefused() {
        Topic<TokenRecord> other = new Topic<>(topic.name(), TokenRecord.parser());
        assertThatThrownBy(() -> log.followFromEnd(other))
                .isInstanceOf(TopicMismatchException.class)
                .hasMessageContaining(topic.name());
        assertThatThrownBy(() -> log.createTopics(List.of(other))).isInstanceOf(TopicMismatchException.class);
    }

    @Test
    void boundsThatNoRecordWouldFitAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new LaneBounds(0, LogWriter.MAXIMAL_RECORD_BYTES, 0, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LaneBounds(1, LogWriter.MAXIMAL_RECORD_BYTES - 1, 0, 0))
                .withMessageContaining("8388607");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LaneBounds(1, LogWriter.MAXIMAL_RECORD_BYTES, -1, 0))
                .withMessageContaining("spares -1 records");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new InProcessLog(0, LaneBounds.DEFAULT))
                .withMessageContaining("0 lanes");
    }

    private void assertFull(LaneRecord record, String expected) {
        assertThat(append(log.writer(topic), 3, record))
                .failsWithin(0, TimeUnit.SECONDS)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(LaneFullException.class)
                .withMessageContaining("lane 3 of topic " + topic.name())
                .withMessageContaining(expected);
    }
}
