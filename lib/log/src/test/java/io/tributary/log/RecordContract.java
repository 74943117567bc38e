package io.tributary.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.proto.log.v1.LaneRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Appending, reading, waking and closing, for both transports. */
abstract class RecordContract extends ActivationLogContract {
    @Test
    void recordsOfALaneKeepTheirOrderAndTheirOffsetsAscend() {
        int count = 101;
        try (LogReader<LaneRecord> reader = log.followFromEnd(topic)) {
            LogWriter<LaneRecord> writer = log.writer(topic);
            for (int number = 0; number < count; number++) {
                for (int lane = 0; lane < LANES; lane++) {
                    var _ = append(writer, lane, numbered(number));
                }
            }
            List<LogRecord<LaneRecord>> records = Readers.read(reader, count * LANES);
            for (int lane = 0; lane < LANES; lane++) {
                List<LogRecord<LaneRecord>> ofLane = ofLane(records, lane);
                assertThat(numbers(ofLane))
                        .containsExactlyElementsOf(
                                IntStream.range(0, count).boxed().toList());
                assertThat(ofLane).extracting(LogRecord::offset).isSorted().doesNotHaveDuplicates();
            }
        }
    }

    @Test
    void theOffsetOfAnAppendIsTheOffsetThatIsRead() {
        try (LogReader<LaneRecord> reader = log.followFromEnd(topic)) {
            LogWriter<LaneRecord> writer = log.writer(topic);
            long first = append(writer, 3, numbered(0)).join();
            long second = append(writer, 3, numbered(1)).join();
            assertThat(Readers.read(reader, 2)).extracting(LogRecord::offset).containsExactly(first, second);
        }
    }

    @Test
    void aRecordSaysWhenItWasAppended() {
        try (LogReader<LaneRecord> reader = log.followFromEnd(topic)) {
            long before = System.currentTimeMillis();
            append(log.writer(topic), 0, numbered(0)).join();
            long after = System.currentTimeMillis();

            assertThat(Readers.read(reader, 1).getFirst().timestampMillis()).isBetween(before, after);
        }
    }

    @Test
    void eachWritersRecordsKeepTheirOrderAmongOthers() throws Exception {
        long seed = System.nanoTime();
        int writers = 3;
        int count = 67;
        try (LogReader<LaneRecord> reader = log.followFromEnd(topic)) {
            List<Thread> threads = IntStream.range(0, writers)
                    .mapToObj(writer -> Thread.ofPlatform().start(() -> appendRandomly(seed, writer, count)))
                    .toList();
            List<LogRecord<LaneRecord>> records = Readers.read(reader, writers * count);
            for (Thread thread : threads) {
                thread.join();
            }
            for (int lane = 0; lane < LANES; lane++) {
                for (int writer = 0; writer < writers; writer++) {
                    int first = writer * count;
                    assertThat(numbers(ofLane(records, lane)))
                            .as("seed %d, lane %d, writer %d", seed, lane, writer)
                            .filteredOn(number -> number >= first && number < first + count)
                            .isSorted();
                }
            }
        }
    }

    private void appendRandomly(long seed, int writer, int count) {
        Random random = new Random(seed + writer);
        LogWriter<LaneRecord> target = log.writer(topic);
        for (int number = writer * count; number < (writer + 1) * count; number++) {
            var _ = append(target, random.nextInt(LANES), numbered(number));
        }
    }

    @Test
    void aFollowerSeesWhatIsAppendedAfterItsOpeningOnly() {
        append(2, 0, 7);
        try (LogReader<LaneRecord> reader = log.followFromEnd(topic)) {
            append(2, 7, 9);
            append(0, 9, 10);
            assertThat(numbers(Readers.read(reader, 3))).containsExactlyInAnyOrder(7, 8, 9);
            assertThat(reader.poll(Duration.ofMillis(50))).isEmpty();
        }
    }

    @Test
    void everyFollowerSeesEveryRecord() {
        try (LogReader<LaneRecord> one = log.followFromEnd(topic);
                LogReader<LaneRecord> other = log.followFromEnd(topic)) {
            append(1, 0, 3);
            assertThat(numbers(Readers.read(one, 3))).containsExactly(0, 1, 2);
            assertThat(numbers(Readers.read(other, 3))).containsExactly(0, 1, 2);
            assertThat(one.lanes()).containsExactly(0, 1, 2, 3, 4);
        }
    }

    @Test
    void headersTravelWithTheRecordUnlessTheyAreTooLong() {
        Map<String, String> headers = Map.of(
                "traceparent",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "tracestate",
                "congo=t61rcWkgMzE,\u00fcber=\u2713",
                "oversized",
                "\u2713".repeat(342));
        try (LogReader<LaneRecord> reader = log.followFromEnd(topic)) {
            log.writer(topic).append(1, numbered(1), "session-1", headers);
            assertThat(Readers.read(reader, 1).getFirst().headers())
                    .containsOnlyKeys("traceparent", "tracestate")
                    .containsEntry("tracestate", headers.get("tracestate"));
        }
    }

    @Test
    void theLargestRecordPassesAndALargerOneIsRefusedWithBothSizes() {
        LaneRecord largest = ofBytes(LogWriter.MAXIMAL_RECORD_BYTES);
        assertThat(largest.getSerializedSize()).isEqualTo(LogWriter.MAXIMAL_RECORD_BYTES);
        try (LogReader<LaneRecord> reader = log.followFromEnd(topic)) {
            LogWriter<LaneRecord> writer = log.writer(topic);
            assertThat(append(writer, 4, ofBytes(4 << 20))).succeedsWithin(20, TimeUnit.SECONDS);
            assertThat(Readers.read(reader, 1).getFirst().value()).isEqualTo(ofBytes(4 << 20));
            assertThat(append(writer, 4, largest)).succeedsWithin(20, TimeUnit.SECONDS);
            assertThat(Readers.read(reader, 1).getFirst().value()).isEqualTo(largest);
            assertThat(append(writer, 4, ofBytes(LogWriter.MAXIMAL_RECORD_BYTES + 1)))
                    .failsWithin(20, TimeUnit.SECONDS)
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOf(RecordTooLargeException.class)
                    .withMessageContaining("8388609")
                    .withMessageContaining("8388608");
        }
    }

    @Test
    void aLaneThatDoesNotExistIsRefused() {
        LogWriter<LaneRecord> writer = log.writer(topic);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> append(writer, LANES, numbered(0)))
                .withMessageContaining("lane 5")
                .withMessageContaining("lanes 0 to 4");
        assertThatIllegalArgumentException().isThrownBy(() -> append(writer, -1, numbered(0)));
    }

    @Test
    void aTopicIsMadeOnceAndAMissingOneIsNamed() {
        append(0, 0, 2);
        log.createTopics(List.of(topic, Topics.tokens("other-" + topic.name().hashCode())));
        append(0, 2, 3);
        Topic<LaneRecord> missing = Topics.stage("never-made", 1);
        assertThatThrownBy(() -> log.writer(missing))
                .isInstanceOf(TopicNotFoundException.class)
                .hasMessageContaining(missing.name());
        assertThatThrownBy(() -> log.followFromEnd(missing)).isInstanceOf(TopicNotFoundException.class);
    }

    @Test
    void aWakeUpEndsARunningPoll() throws Exception {
        try (LogReader<LaneRecord> reader = log.followFromEnd(topic)) {
            CompletableFuture<Void> started = new CompletableFuture<>();
            Thread waker = Thread.ofPlatform().start(() -> {
                started.join();
                reader.wakeup();
            });
            assertThat(Readers.millisecondsOf(() -> {
                        started.complete(null);
                        assertThat(reader.poll(Duration.ofSeconds(60))).isEmpty();
                    }))
                    .isLessThan(10_000);
            waker.join();
        }
    }

    @Test
    void aWakeUpEndsTheNextPollAndNoOtherOne() {
        try (LogReader<LaneRecord> reader = log.followFromEnd(topic)) {
            reader.wakeup();
            assertThat(Readers.millisecondsOf(() -> reader.poll(Duration.ofSeconds(60))))
                    .isLessThan(10_000);
            append(0, 0, 1);
            assertThat(numbers(Readers.read(reader, 1))).containsExactly(0);
        }
    }

    @Test
    void anInterruptedThreadIsToldSoAndStaysInterrupted() {
        try (LogReader<LaneRecord> reader = log.followFromEnd(topic)) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> reader.poll(Duration.ofSeconds(60))).isInstanceOf(LogInterruptedException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void aClosedReaderStaysClosed() {
        LogReader<LaneRecord> reader = log.followFromEnd(topic);
        reader.close();
        reader.close();
        reader.wakeup();
        assertThatThrownBy(() -> reader.poll(Duration.ZERO)).isInstanceOf(LogClosedException.class);
    }

    @Test
    void aClosedLogEndsPollsAndAppends() throws Exception {
        LogWriter<LaneRecord> writer = log.writer(topic);
        try (LogReader<LaneRecord> reader = log.followFromEnd(topic)) {
            Thread closing = Thread.ofPlatform().start(log::close);
            assertThatThrownBy(() -> Readers.read(reader, 1)).isInstanceOf(LogClosedException.class);
            closing.join();
            log.close();
            assertThat(append(writer, 0, numbered(0)))
                    .failsWithin(20, TimeUnit.SECONDS)
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOf(LogClosedException.class);
            assertThatThrownBy(() -> log.writer(topic)).isInstanceOf(LogClosedException.class);
        }
    }

    @Test
    void aFollowerOfSomeLanesSeesWhatIsAppendedToThemAfterItsOpening() {
        append(2, 0, 5);
        append(4, 5, 7);
        try (LogReader<LaneRecord> reader = log.followFromEnd(topic, Set.of(2, 4))) {
            assertThat(reader.lanes()).containsExactlyInAnyOrder(2, 4);
            append(2, 7, 9);
            append(3, 9, 10);
            append(4, 10, 11);
            List<LogRecord<LaneRecord>> records = Readers.read(reader, 3);
            assertThat(numbers(ofLane(records, 2))).containsExactly(7, 8);
            assertThat(numbers(ofLane(records, 4))).containsExactly(10);
            assertThat(reader.poll(Duration.ofMillis(50))).isEmpty();
        }
    }

    @Test
    void noLanesAndLanesThatDoNotExistCannotBeFollowed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> log.followFromEnd(topic, Set.of()))
                .withMessageContaining("at least one");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> log.followFromEnd(topic, Set.of(1, LANES)))
                .withMessageContaining("lane 5");
        Topic<LaneRecord> missing = Topics.stage("never-made", 3);
        assertThatThrownBy(() -> log.followFromEnd(missing, Set.of(1))).isInstanceOf(TopicNotFoundException.class);
    }

    @Test
    void aFollowerOfRecentRecordsBeginsSoManyBeforeTheEndOfEachLane() {
        append(1, 0, 10);
        append(3, 10, 12);
        try (LogReader<LaneRecord> reader = log.followRecent(topic, 3)) {
            append(0, 12, 13);
            List<LogRecord<LaneRecord>> records = Readers.read(reader, 6);
            assertThat(numbers(ofLane(records, 0))).containsExactly(12);
            assertThat(numbers(ofLane(records, 1))).containsExactly(7, 8, 9);
            assertThat(numbers(ofLane(records, 3))).containsExactly(10, 11);
            assertThat(reader.lanes()).containsExactly(0, 1, 2, 3, 4);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> log.followRecent(topic, -1))
                .withMessageContaining("-1 recent records");
    }

    @Test
    void aFollowerOfOneLaneReadsItFromAnOffsetOn() {
        append(2, 0, 6);
        append(3, 6, 8);
        try (LogReader<LaneRecord> reader = log.followLane(topic, 2, 4)) {
            assertThat(reader.lanes()).containsExactly(2);
            append(3, 8, 9);
            append(2, 9, 10);
            assertThat(numbers(Readers.read(reader, 3))).containsExactly(4, 5, 9);
            assertThat(reader.poll(Duration.ofMillis(50))).isEmpty();
        }
    }

    @Test
    void aFollowerOfOneLaneBeginsAtTheOldestRecordKeptOrAtTheEndWhenItsOffsetLiesOutside() {
        append(2, 0, 6);
        log.deleteBelow(topic, Map.of(2, 4L));
        try (LogReader<LaneRecord> early = log.followLane(topic, 2, 1);
                LogReader<LaneRecord> late = log.followLane(topic, 2, 1000)) {
            append(2, 6, 7);
            assertThat(numbers(Readers.read(early, 3))).containsExactly(4, 5, 6);
            assertThat(numbers(Readers.read(late, 1))).containsExactly(6);
        }
    }

    @Test
    void aPlaceThatIsNoneCannotBeFollowed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> log.followLane(topic, LANES, 0))
                .withMessageContaining("lane 5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> log.followLane(topic, 2, -1))
                .withMessageContaining("offset -1 of lane 2");
        Topic<LaneRecord> missing = Topics.stage("never-made", 2);
        assertThatThrownBy(() -> log.followLane(missing, 0, 0)).isInstanceOf(TopicNotFoundException.class);
        assertThatThrownBy(() -> log.followRecent(missing, 5)).isInstanceOf(TopicNotFoundException.class);
    }

    @Test
    void aReaderThatSeeksReadsOnThere() {
        append(2, 0, 6);
        try (LogReader<LaneRecord> reader = log.followLane(topic, 2, 0)) {
            assertThat(numbers(Readers.read(reader, 6))).containsExactly(0, 1, 2, 3, 4, 5);
            reader.seek(2, 3);
            reader.seek(4, 1);
            assertThat(numbers(Readers.read(reader, 3))).containsExactly(3, 4, 5);
            log.deleteBelow(topic, Map.of(2, 5L));
            reader.seek(2, 0);
            assertThat(numbers(Readers.read(reader, 1))).containsExactly(5);
        }
    }

    @Test
    void deletedRecordsAreGoneAndOffsetsGoOn() {
        append(1, 0, 6);
        append(2, 6, 9);
        log.deleteBelow(topic, Map.of(1, 4L, 2, 1L, 3, 0L));
        log.deleteBelow(topic, Map.of(1, 2L));
        append(1, 9, 10);
        try (LogReader<LaneRecord> reader = log.followRecent(topic, 100)) {
            List<LogRecord<LaneRecord>> records = Readers.read(reader, 5);
            assertThat(numbers(ofLane(records, 1))).containsExactly(4, 5, 9);
            assertThat(ofLane(records, 1)).extracting(LogRecord::offset).containsExactly(4L, 5L, 6L);
            assertThat(numbers(ofLane(records, 2))).containsExactly(7, 8);
        }
    }

    @Test
    void anOffsetBeyondTheEndDeletesWhatThereIs() {
        append(1, 0, 3);
        append(2, 3, 6);
        log.deleteBelow(topic, Map.of(1, 1000L, 2, 2L));
        append(1, 6, 7);
        try (LogReader<LaneRecord> reader = log.followRecent(topic, 100)) {
            List<LogRecord<LaneRecord>> records = Readers.read(reader, 2);
            assertThat(numbers(ofLane(records, 1))).containsExactly(6);
            assertThat(numbers(ofLane(records, 2))).containsExactly(5);
        }
    }

    @Test
    void theSizeOfATopicIsKnownByLane() {
        assertThat(log.sizes(topic))
                .containsOnlyKeys(0, 1, 2, 3, 4)
                .allSatisfy((lane, bytes) -> assertThat(bytes).isZero());
        assertThat(append(log.writer(topic), 3, ofBytes(1 << 20))).succeedsWithin(20, TimeUnit.SECONDS);
        assertThat(log.sizes(topic).get(3)).isBetween(1L << 20, (1L << 20) + 4096);
        assertThat(log.sizes(topic)).containsEntry(2, 0L);
    }

    static List<LogRecord<LaneRecord>> ofLane(List<LogRecord<LaneRecord>> records, int lane) {
        return records.stream().filter(record -> record.lane() == lane).toList();
    }
}
