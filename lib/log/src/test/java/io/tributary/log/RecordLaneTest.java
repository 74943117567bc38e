package io.tributary.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.proto.log.v1.LaneRecord;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecordLaneTest {
    private static final LaneBounds BOUNDS = new LaneBounds(77, LogWriter.MAXIMAL_RECORD_BYTES, 13, 300);

    @Test
    void aLaneHoldsWhatWasAppendedAndNotDropped() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        RecordLane<LaneRecord> lane = new RecordLane<>(BOUNDS);
        Deque<LogRecord<LaneRecord>> expected = new ArrayDeque<>();
        for (int step = 0; step < 5000; step++) {
            if (random.nextInt(3) > 0 && lane.hasRoomFor(100)) {
                LogRecord<LaneRecord> record = record(lane.end(), random.nextInt(50));
                lane.append(record);
                expected.add(record);
            } else {
                long below = lane.first() + random.nextInt(40);
                lane.dropBelow(below);
                expected.removeIf(record -> record.offset() < below);
            }
            assertSame(lane, expected, seed);
        }
    }

    private static void assertSame(RecordLane<LaneRecord> lane, Deque<LogRecord<LaneRecord>> expected, long seed) {
        assertThat(lane.end() - lane.first()).as("seed %d", seed).isEqualTo(expected.size());
        assertThat(lane.bytes())
                .as("seed %d", seed)
                .isEqualTo(expected.stream()
                        .mapToLong(record -> record.value().getSerializedSize())
                        .sum());
        long offset = lane.first();
        for (LogRecord<LaneRecord> record : expected) {
            assertThat(lane.record(offset++)).as("seed %d", seed).isSameAs(record);
        }
    }

    @Test
    void aLaneHasRoomUpToItsBounds() {
        RecordLane<LaneRecord> lane = new RecordLane<>(BOUNDS);
        assertThat(lane.hasRoomFor(LogWriter.MAXIMAL_RECORD_BYTES)).isTrue();
        lane.append(record(0, 20));
        assertThat(lane.hasRoomFor(LogWriter.MAXIMAL_RECORD_BYTES)).isFalse();
        for (int offset = 1; offset < BOUNDS.records(); offset++) {
            assertThat(lane.hasRoomFor(1)).isTrue();
            lane.append(record(offset, 0));
        }
        assertThat(lane.hasRoomFor(1)).isFalse();
    }

    @Test
    void ofUnneededRecordsTheLatestAreSparedWithinBothBounds() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        RecordLane<LaneRecord> lane = new RecordLane<>(BOUNDS);
        for (int step = 0; step < 5000; step++) {
            long needed = lane.first() + random.nextInt(60) - 5;
            lane.spare(needed, 100);
            long unneeded = Math.min(needed, lane.end());
            long firstKept = lane.first();
            assertThat(unneeded - firstKept).as("seed %d", seed).isLessThanOrEqualTo(BOUNDS.spareRecords());
            assertThat(bytes(lane, firstKept, unneeded)).as("seed %d", seed).isLessThanOrEqualTo(BOUNDS.spareBytes());
            if (lane.hasRoomFor(100)) {
                lane.append(record(lane.end(), random.nextInt(50)));
            }
        }
    }

    private static long bytes(RecordLane<LaneRecord> lane, long begin, long end) {
        long bytes = 0;
        for (long offset = begin; offset < end; offset++) {
            bytes += lane.record(offset).value().getSerializedSize();
        }
        return bytes;
    }

    @Test
    void nothingIsDroppedWhileSpareRecordsAreFewAndThereIsRoom() {
        RecordLane<LaneRecord> lane = new RecordLane<>(BOUNDS);
        for (int offset = 0; offset < 20; offset++) {
            lane.append(record(offset, 1));
        }
        lane.spare(13, 100);
        assertThat(lane.first()).isZero();
        lane.spare(2, 100);
        lane.spare(14, 100);
        assertThat(lane.first()).isOne();
        lane.spare(Long.MAX_VALUE, 100);
        assertThat(lane.first()).isEqualTo(7);
        lane.spare(12, LogWriter.MAXIMAL_RECORD_BYTES);
        assertThat(lane.first()).isEqualTo(12);
    }

    @Test
    void aRecordThatWasDroppedIsRefusedWithTheOffsetsThatAreKept() {
        RecordLane<LaneRecord> lane = new RecordLane<>(BOUNDS);
        for (int offset = 0; offset < 5; offset++) {
            lane.append(record(offset, 1));
        }
        lane.dropBelow(3);
        assertThatThrownBy(() -> lane.record(2))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("offset 2 is not kept; those from 3 to 4 are");
    }

    private static LogRecord<LaneRecord> record(long offset, int length) {
        LaneRecord value =
                LaneRecord.newBuilder().setSessionId("s".repeat(length)).build();
        return new LogRecord<>(0, offset, 0, value, Map.of());
    }
}
