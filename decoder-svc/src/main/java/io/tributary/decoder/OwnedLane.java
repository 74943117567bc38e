package io.tributary.decoder;

import io.tributary.log.LanePosition;
import io.tributary.log.LogRecord;
import io.tributary.log.UpstreamEpochs;
import io.tributary.proto.log.v1.LaneRecord;
import io.tributary.proto.log.v1.Writer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A lane from the claim of its owner until it is lost or started anew. Used by the shard's thread; docs/recovery.md has the
 * protocol.
 */
final class OwnedLane {
    private static final int REMEMBERED_CLOSINGS = 1024;

    /** Longer than the records that an owner had not committed when it was lost take to be read again. */
    private static final Duration SETTLING = Duration.ofSeconds(10);

    /** A session whose end is not yet below the high-water mark: until then a new owner would need it. */
    private record Ended(LaneMark opening, long offset) {}

    private final int lane;
    private final LanePosition claimed;
    private final LaneLedger ledger;
    private final Set<ShardSession> sessions = new LinkedHashSet<>();
    private final List<Ended> ended = new ArrayList<>();
    private final RecentIds closedLately = new RecentIds(REMEMBERED_CLOSINGS);
    private final long claimedNanos = System.nanoTime();
    private @Nullable LanePosition committed;

    /** @param claimed the position that the claim has written */
    OwnedLane(int lane, LanePosition claimed) {
        this.lane = lane;
        this.claimed = claimed;
        this.ledger = new LaneLedger(new LaneMark(claimed.lowWater(), claimed.upstreamEpochs(), 0));
    }

    int lane() {
        return lane;
    }

    /** Of this owner; higher than those of all before it. */
    long epoch() {
        return claimed.epoch();
    }

    LaneLedger ledger() {
        return ledger;
    }

    /** The sessions of the lane that have not ended, in the order of their openings. */
    List<ShardSession> sessions() {
        return List.copyOf(sessions);
    }

    /** Records whose state is still to be read. */
    long recordsToReplay() {
        return Math.max(0, claimed.highWater() - ledger.end().offset());
    }

    /** Whether the state of the high-water mark is still to be read: until then the lane is not served. */
    boolean replaying() {
        return recordsToReplay() > 0;
    }

    /**
     * Whether the lane was claimed just now: an opening that is read may have been admitted by the owner before, and must not be
     * refused for lack of room.
     */
    boolean settling() {
        return System.nanoTime() - claimedNanos < SETTLING.toNanos();
    }

    /** Whether what comes of a record is to be appended: before the claimed high-water mark all of it is in the log. */
    boolean emits(long offset) {
        return offset >= claimed.highWater();
    }

    /** Enters the next record of the lane. */
    LaneLedger.Entry enter(LogRecord<LaneRecord> laneRecord) {
        LaneMark end = ledger.end();
        Writer writer = laneRecord.value().getWriter();
        UpstreamEpochs epochs = laneRecord.value().hasWriter()
                ? end.upstreamEpochs().with(writer.getStage(), writer.getEpoch())
                : end.upstreamEpochs();
        return ledger.enter(new LaneMark(
                laneRecord.offset() + 1,
                epochs,
                end.bytes() + laneRecord.value().getSerializedSize()));
    }

    /** Steps over a record that cannot be read, if nothing behind it has been read. */
    void skip(long offset) {
        LaneMark end = ledger.end();
        if (offset < end.offset()) {
            return;
        }
        ledger.enter(new LaneMark(offset + 1, end.upstreamEpochs(), end.bytes()))
                .release();
    }

    /** Whether a record that has just been entered comes from a shard that was replaced. */
    boolean isLate(LaneRecord laneRecord) {
        Writer writer = laneRecord.getWriter();
        return laneRecord.hasWriter()
                && writer.getEpoch() < ledger.end().upstreamEpochs().of(writer.getStage());
    }

    void opened(ShardSession session) {
        sessions.add(session);
    }

    /** @param by the entry of the record that ended the session */
    void ended(ShardSession session, LaneLedger.Entry by) {
        if (sessions.remove(session)) {
            ended.add(new Ended(session.opening(), by.mark().offset()));
            closedLately.add(session.id());
        }
    }

    /** Whether the session was closed lately: an opening of it is a repetition. */
    boolean closedLately(String sessionId) {
        return closedLately.contains(sessionId);
    }

    /** The position to commit now. */
    LanePosition position() {
        if (replaying()) {
            return claimed;
        }
        LaneMark high = ledger.highWater();
        ended.removeIf(session -> session.offset() < high.offset());
        LaneMark low = low(high);
        return new LanePosition(high.offset(), low.offset(), claimed.epoch(), low.upstreamEpochs());
    }

    private LaneMark low(LaneMark high) {
        LaneMark low = high;
        for (ShardSession session : sessions) {
            low = older(low, session.opening());
        }
        for (Ended session : ended) {
            low = older(low, session.opening());
        }
        return low;
    }

    private static LaneMark older(LaneMark one, LaneMark other) {
        return other.offset() < one.offset() ? other : one;
    }

    /** The position to commit now, or null if it has not changed since the last call. */
    @Nullable
    LanePosition changedPosition() {
        LanePosition position = position();
        if (position.equals(committed)) {
            return null;
        }
        committed = position;
        return position;
    }

    /** Bytes of the lane that are still needed. */
    long retainedBytes() {
        return ledger.end().bytes() - low(ledger.highWater()).bytes();
    }
}
