package io.tributary.log;

/**
 * How far a group has come on a lane.
 *
 * @param highWater the next offset to process
 * @param lowWater the oldest offset that a live session still needs, at most {@code highWater}
 */
public record LanePosition(long highWater, long lowWater) {
    /** @throws IllegalArgumentException unless {@code 0 <= lowWater <= highWater} */
    public LanePosition {
        if (lowWater < 0 || lowWater > highWater) {
            throw new IllegalArgumentException(
                    "low-water mark %d with high-water mark %d; 0 <= low-water <= high-water must hold"
                            .formatted(lowWater, highWater));
        }
    }
}
