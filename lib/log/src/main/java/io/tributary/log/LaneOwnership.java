package io.tributary.log;

import java.util.Set;

/**
 * Told which lanes a reader of a group gains and loses. Called on the thread that polls or closes the reader, between
 * records: whatever a poll returned before has been handed out before, and nothing of a lost lane comes after.
 */
public interface LaneOwnership {
    /**
     * The reader owns these lanes from now on; it may ask for their committed positions here.
     *
     * @param lanes the lanes gained, never empty
     */
    void assigned(Set<Integer> lanes);

    /**
     * The reader is about to lose these lanes, or has already lost them because the group gave it up. A commit made here
     * has ended before the next owner starts; of lanes that are lost already none is made.
     *
     * @param lanes the lanes lost, never empty
     */
    void revoked(Set<Integer> lanes);
}
