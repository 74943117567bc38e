package io.tributary.decoder;

import io.tributary.log.SessionId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How far a lane of the tokens topic is still needed: by sessions that live, and for a while by those that have ended, so
 * that a client whose connection broke near the end gets the rest. The owner of the lane in the last stage keeps it; its own
 * records tell it where the end of the lane is. Used by the shard's thread, {@link #appended} excepted.
 */
final class TokensRetention {
    private record Needed(long nanos, long offset) {}

    private final long keptNanos;
    private final long startNanos;
    private final AtomicLong end = new AtomicLong();
    private final Deque<Needed> lately = new ArrayDeque<>();

    /** @param kept how long tokens of a session that has ended are kept */
    TokensRetention(Duration kept, long now) {
        this.keptNanos = kept.toNanos();
        this.startNanos = now;
    }

    /** The log has taken a record at this offset of the lane. Callable from any thread. */
    void appended(long offset) {
        end.accumulateAndGet(offset, Math::max);
    }

    /**
     * The offset below which nobody has needed the lane for that time; empty before it has been watched for so long.
     *
     * @param live the sessions of the lane
     */
    OptionalLong lowWater(Iterable<ShardSession> live, long now) {
        long needed = end.get();
        for (ShardSession session : live) {
            needed = Math.min(
                    needed,
                    SessionId.parse(session.id()).map(SessionId::tokensOffset).orElse(0L));
        }
        lately.add(new Needed(now, needed));
        while (now - lately.peek().nanos() > keptNanos) {
            lately.remove();
        }
        return now - startNanos < keptNanos
                ? OptionalLong.empty()
                : lately.stream().mapToLong(Needed::offset).min();
    }
}
