package io.tributary.decoder.protocol;

/**
 * What a group has committed for a lane.
 *
 * @param upstream the highest epochs below the low-water mark
 */
record Committed(int highWater, int lowWater, int epoch, Epochs upstream) {}
