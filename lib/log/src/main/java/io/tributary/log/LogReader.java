package io.tributary.log;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads a topic. For one thread only, {@link #wakeup()} excepted. */
public interface LogReader<T> extends AutoCloseable {
    /** Most records that one poll returns. */
    int MAXIMAL_POLL_RECORDS = 512;

    /**
     * Waits for records and returns as soon as there are any; also hands lanes over within a group.
     *
     * @param timeout how long to wait at most; zero looks only
     * @return the next records, at most {@value #MAXIMAL_POLL_RECORDS}, ascending within each lane; empty when the time
     *     is over or {@link #wakeup()} was called
     * @throws LogClosedException when the reader or its log is closed
     * @throws LogInterruptedException when the thread is interrupted; the thread stays marked as interrupted
     * @throws LogUnavailableException when the log refuses for a reason that waiting does not mend
     */
    List<LogRecord<T>> poll(Duration timeout);

    /**
     * Records how far the group has come, without waiting (inside {@link LaneOwnership#revoked} it waits, bounded). A
     * commit that fails is logged and left to the next one: it costs replay, not records. Lanes that this reader does
     * not own are left out, since their positions belong to the new owner.
     *
     * @param positions by lane
     * @throws IllegalStateException for a reader without a group
     */
    void commit(Map<Integer, LanePosition> positions);

    /**
     * What the group has committed, by any of its readers.
     *
     * @param lanes the lanes asked for
     * @return by lane; lanes without a commit are missing. A commit without a readable low-water mark, such as one made
     *     with an operator's tool, has low-water mark 0
     * @throws IllegalStateException for a reader without a group
     * @throws LogUnavailableException when no answer comes in time
     */
    Map<Integer, LanePosition> committed(Set<Integer> lanes);

    /**
     * Commits a lane's position at once and waits for the answer: true only if this reader owned the lane, by the group's
     * own judgement, when the position was written. So of several that hold a lane for theirs only the owner succeeds.
     *
     * @return whether the position was written; false when the lane belongs to another reader
     * @throws IllegalStateException for a reader without a group
     * @throws LogUnavailableException when no answer comes in time; the position may have been written or not
     */
    boolean claim(int lane, LanePosition position);

    /**
     * Where the next poll reads a lane on; the oldest record that is kept, if that one is gone.
     *
     * @param lane one of {@link #lanes()}; for another one nothing happens
     * @param offset from 0 to the lane's end
     */
    void seek(int lane, long offset);

    /**
     * The records that were skipped since the last call because their bytes could not be parsed; empties the list, which is
     * bounded: of more than {@value #MAXIMAL_POLL_RECORDS} the oldest are kept.
     */
    List<UnreadableRecord> takeUnreadable();

    /** The lanes that the reader reads at present; changes only within {@link #poll} and {@link #close}. */
    Set<Integer> lanes();

    /** Number of records skipped so far because their bytes could not be parsed. */
    long unreadableRecords();

    /** Ends the running poll, or else the next one, at once with nothing. Callable from any thread. */
    void wakeup();

    /** Gives the lanes up and frees the reader, within a deadline. Idempotent. */
    @Override
    void close();
}
