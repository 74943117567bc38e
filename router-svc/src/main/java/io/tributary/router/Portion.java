package io.tributary.router;

import com.google.protobuf.ByteString;
import com.google.rpc.Status;
import io.tributary.log.Backoff;
import io.tributary.router.Loop.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one expert that are computed together, from one request or several: the unit of dispatch, of retries and of
 * hedging. Lives on the loop.
 */
final class Portion {
    /**
     * The rows of one request.
     *
     * @param first row of the portion
     * @param positions of the request, ascending
     * @param weights of the expert's outputs
     */
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares shares.
    record Share(LayerRequest request, int first, int[] positions, float[] weights) {}

    private final int layer;
    private final int expert;
    private final int rows;
    private final List<Share> shares;
    private final List<ShardWork> works = new ArrayList<>(2);
    private final Set<String> failedAt = new HashSet<>();
    private ByteString input;
    private ByteString output = ByteString.EMPTY;
    private @Nullable Status failure;
    private @Nullable Backoff pauses;
    private @Nullable Timer timer;
    private int attempts;
    private int waitingRequests;
    private boolean hedged;
    private boolean done;

    /** @param input float32 [rows, width] */
    Portion(int layer, int expert, int rows, ByteString input, List<Share> shares) {
        this.layer = layer;
        this.expert = expert;
        this.rows = rows;
        this.input = input;
        this.shares = List.copyOf(shares);
        waitingRequests = shares.size();
    }

    int layer() {
        return layer;
    }

    int expert() {
        return expert;
    }

    int rows() {
        return rows;
    }

    /** float32 [rows, width]; empty once it is done. */
    ByteString input() {
        return input;
    }

    /** One for each request. */
    List<Share> shares() {
        return shares;
    }

    /** The share of one of its requests. */
    Share shareOf(LayerRequest request) {
        for (Share share : shares) {
            if (share.request() == request) {
                return share;
            }
        }
        throw new IllegalArgumentException("the request has no rows in this portion");
    }

    /** float32 [rows, width]; empty unless it was computed. */
    ByteString output() {
        return output;
    }

    /** Why it was not computed. */
    @Nullable
    Status failure() {
        return failure;
    }

    boolean isDone() {
        return done;
    }

    /** The works that it is part of at present. */
    List<ShardWork> works() {
        return works;
    }

    boolean isAt(ExpertShard shard) {
        return works.stream().anyMatch(work -> work.shard() == shard);
    }

    /** Counts one more attempt that is no hedge, and returns how many that makes. */
    int attempt() {
        return ++attempts;
    }

    void failedAt(ExpertShard shard) {
        failedAt.add(shard.id());
    }

    boolean hasFailedAt(ExpertShard shard) {
        return failedAt.contains(shard.id());
    }

    /** Whether a second replica was asked. */
    boolean isHedged() {
        return hedged;
    }

    void hedge() {
        hedged = true;
    }

    /** The next pause before a shard that has failed is asked again, in nanoseconds. */
    long pause(Duration first, Duration longest) {
        if (pauses == null) {
            pauses = new Backoff(first, longest);
        }
        return pauses.next().toNanos();
    }

    /** What ends a wait of this portion. */
    void waitFor(Timer waiting) {
        stopWaiting();
        timer = waiting;
    }

    void stopWaiting() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    /** The output has come. */
    void complete(ByteString computed) {
        output = computed;
        finish();
    }

    void fail(Status reason) {
        failure = reason;
        finish();
    }

    /**
     * A request does not wait for it any more.
     *
     * @return whether no request does
     */
    boolean release() {
        waitingRequests--;
        return waitingRequests == 0;
    }

    /** Nobody waits for it any more. */
    void abandon() {
        finish();
    }

    private void finish() {
        done = true;
        input = ByteString.EMPTY;
        stopWaiting();
    }
}
