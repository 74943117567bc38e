package io.tributary.decoder;

import java.time.Duration;
import java.util.Collection;
import org.jboss.logging.Logger;

/** Says how long a shard took to rebuild what it has taken over. Used by the shard's thread. */
final class ReplayClock {
    private static final Logger LOG = Logger.getLogger(ReplayClock.class);

    private final ShardFigures figures;
    private final ShardTimings timings;
    private boolean running;
    private long startNanos;
    private long positionsBefore;

    ReplayClock(ShardFigures figures, ShardTimings timings) {
        this.figures = figures;
        this.timings = timings;
    }

    /** Lanes were taken over; the clock runs on if it does already. */
    void start(Collection<OwnedLane> lanes) {
        if (!running && lanes.stream().anyMatch(OwnedLane::replaying)) {
            running = true;
            startNanos = System.nanoTime();
            positionsBefore = figures.replayedPositions.sum();
        }
    }

    /** Ends the clock if nothing is left to be replayed. */
    void look(Collection<OwnedLane> lanes, SessionProcessing processing) {
        if (running && lanes.stream().noneMatch(OwnedLane::replaying) && !processing.replays()) {
            running = false;
            long nanos = System.nanoTime() - startNanos;
            timings.replayed(nanos);
            LOG.infof(
                    "computed %d positions again in %d ms",
                    figures.replayedPositions.sum() - positionsBefore,
                    Duration.ofNanos(nanos).toMillis());
        }
    }
}
