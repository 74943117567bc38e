package io.tributary.log;

/**
 * How far a group has come on a lane, and who says so.
 *
 * @param highWater the next offset to process
 * @param lowWater the oldest offset that a live session still needs, at most {@code highWater}
 * @param epoch of the owner that commits; each owner of a lane has a higher one than all before it. 0 before the first
 * @param upstreamEpochs highest epochs, below {@code lowWater}, of the shards that write to this lane
 */
public record LanePosition(long highWater, long lowWater, long epoch, UpstreamEpochs upstreamEpochs) {
    /** @throws IllegalArgumentException unless {@code 0 <= lowWater <= highWater} and the epoch is not negative */
    public LanePosition {
        if (lowWater < 0 || lowWater > highWater) {
            throw new IllegalArgumentException(
                    "low-water mark %d with high-water mark %d; 0 <= low-water <= high-water must hold"
                            .formatted(lowWater, highWater));
        }
        if (epoch < 0) {
            throw new IllegalArgumentException("epoch %d; it may not be negative".formatted(epoch));
        }
    }
}
