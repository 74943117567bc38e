package io.tributary.decoder;

import io.tributary.log.UpstreamEpochs;

/**
 * A point of a lane.
 *
 * @param offset of the record behind it
 * @param upstreamEpochs highest epochs of the shards that write to the lane, of all records before it
 * @param bytes of the records read before it, by this owner
 */
record LaneMark(long offset, UpstreamEpochs upstreamEpochs, long bytes) {}
