package io.tributary.decoder;

/**
 * A point of a lane.
 *
 * @param offset of the record behind it
 * @param upstreamEpoch highest epoch of the shards that write to the lane, of all records before it
 * @param bytes of the records read before it, by this owner
 */
record LaneMark(long offset, long upstreamEpoch, long bytes) {}
