package io.tributary.log;

import com.google.protobuf.Message;
import java.util.Collection;
import java.util.Map;
import java.util.Set;

/**
 * The log that joins gateways and shards. Every topic has the same number of lanes; records of one lane are totally
 * ordered. Safe for use by many threads.
 */
public interface ActivationLog extends AutoCloseable {
    /** Number of lanes of every topic; at least 1. */
    int lanes();

    /**
     * Makes topics exist. Topics that exist already are left alone after a look at their number of lanes.
     *
     * @throws TopicMismatchException when a topic exists with another number of lanes
     * @throws LogUnavailableException when the log cannot be reached or refuses
     */
    void createTopics(Collection<? extends Topic<?>> topics);

    /**
     * A writer to an existing topic.
     *
     * @throws TopicNotFoundException when the topic does not exist
     * @throws TopicMismatchException when it has another number of lanes
     * @throws LogUnavailableException when the log cannot be reached
     */
    <T extends Message> LogWriter<T> writer(Topic<T> topic);

    /**
     * A reader of all lanes from their ends on: whatever is appended after this call returns will be read.
     *
     * @throws TopicNotFoundException when the topic does not exist
     * @throws TopicMismatchException when it has another number of lanes
     * @throws LogUnavailableException when the log cannot be reached
     */
    <T extends Message> LogReader<T> followFromEnd(Topic<T> topic);

    /**
     * As {@link #followFromEnd(Topic)}, but of some lanes only.
     *
     * @param lanes at least one of 0 to lanes - 1
     * @throws TopicNotFoundException when the topic does not exist
     * @throws TopicMismatchException when it has another number of lanes
     * @throws LogUnavailableException when the log cannot be reached
     * @throws IllegalArgumentException for no lanes or a lane that does not exist
     */
    <T extends Message> LogReader<T> followFromEnd(Topic<T> topic, Set<Integer> lanes);

    /**
     * As {@link #followFromEnd(Topic)}, but begins up to so many records before the end of each lane, or at the oldest record
     * that is kept if fewer are.
     *
     * @param records per lane, at least 0
     * @throws TopicNotFoundException when the topic does not exist
     * @throws TopicMismatchException when it has another number of lanes
     * @throws LogUnavailableException when the log cannot be reached
     * @throws IllegalArgumentException for a negative number
     */
    <T extends Message> LogReader<T> followRecent(Topic<T> topic, int records);

    /**
     * A reader of one lane, without a group, from an offset on, or from the oldest record that is kept if that one is gone.
     *
     * @param lane 0 to lanes - 1
     * @param offset at least 0; the lane's end stands for one that lies beyond it
     * @throws TopicNotFoundException when the topic does not exist
     * @throws TopicMismatchException when it has another number of lanes
     * @throws LogUnavailableException when the log cannot be reached
     * @throws IllegalArgumentException for a lane that does not exist or a negative offset
     */
    <T extends Message> LogReader<T> followLane(Topic<T> topic, int lane, long offset);

    /**
     * Deletes records that nobody needs any more. Waits for the brokers, bounded by the deadline. Kafka takes the caller's
     * word and frees its disk a segment at a time; the in-process log keeps what a follower or a group needs.
     *
     * @param offsets by lane: records below are deleted, those above the end are not an error
     * @throws LogUnavailableException when it cannot be done; the next call makes up for it
     */
    void deleteBelow(Topic<?> topic, Map<Integer, Long> offsets);

    /**
     * Bytes that a topic takes by lane: of Kafka on the disk of the leader, of the in-process log in memory.
     *
     * @throws LogUnavailableException when the log cannot be asked
     */
    Map<Integer, Long> sizes(Topic<?> topic);

    /**
     * A reader that shares the lanes of a topic with the other readers of its group. It starts on each lane at the
     * group's committed high-water mark, or at the oldest record that is kept. It owns lanes only once it polls. If Kafka's
     * topic is deleted the reader loses all lanes, and gains them again, without committed positions, when the topic is
     * made anew.
     *
     * @param group the group's name
     * @param listener told of lanes gained and lost
     * @throws TopicNotFoundException when the topic does not exist
     * @throws TopicMismatchException when it has another number of lanes
     * @throws LogUnavailableException when the log cannot be reached
     */
    <T extends Message> LogReader<T> joinGroup(Topic<T> topic, String group, LaneOwnership listener);

    /**
     * Ends all appends, those under way within a deadline, and makes all readers' polls fail with
     * {@link LogClosedException}; each reader is still to be closed by its own thread. Idempotent.
     */
    @Override
    void close();
}
