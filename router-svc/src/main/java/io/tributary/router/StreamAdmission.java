package io.tributary.router;

import com.google.rpc.Status;
import io.tributary.proto.router.v1.RouteResponse;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much is under way: a stream is asked for one request at a time, and only while it, and all together, have room. So a
 * stage that sends faster than experts compute is held back by gRPC's flow control. Lives on the loop.
 */
final class StreamAdmission {
    private final int streamRows;
    private final int allRows;
    private final Set<RouteStream> streams = new LinkedHashSet<>();
    /** Streams that have been asked for nothing, those that wait longest in front. */
    private final Deque<RouteStream> waiting = new ArrayDeque<>();

    private final AtomicLong rows = new AtomicLong();

    /**
     * @param streamRows rows of a stream below which it is asked for more
     * @param allRows rows of all streams below which any is asked for more
     */
    StreamAdmission(int streamRows, int allRows) {
        this.streamRows = streamRows;
        this.allRows = allRows;
    }

    /** Asks a new stream for its first request. */
    void open(RouteStream stream) {
        streams.add(stream);
        waiting.add(stream);
        askWaiting();
    }

    /** A request has come; it may be refused, or begun before {@link #askMore}. */
    void arrived(RouteStream stream) {
        stream.arrived();
        waiting.add(stream);
    }

    /** A request that came is taken. */
    void begin(LayerRequest request, long now) {
        request.stream().begin(request, now);
        rows.addAndGet(request.positions());
    }

    /** Asks for more after a request that has come. */
    void askMore() {
        askWaiting();
    }

    void answer(LayerRequest request, RouteResponse response) {
        freed(request.stream(), request.stream().answer(request, response));
    }

    void refuse(RouteStream stream, RouteResponse response) {
        freed(stream, stream.refuse(response));
    }

    /** The client takes answers again. */
    void ready(RouteStream stream) {
        freed(stream, stream.drain());
    }

    /** The client sends no more. */
    void halfClose(RouteStream stream) {
        stream.halfClose();
        ready(stream);
    }

    /**
     * The client has gone.
     *
     * @return its requests that were under way
     */
    List<LayerRequest> cancel(RouteStream stream) {
        if (!streams.remove(stream)) {
            return List.of();
        }
        waiting.remove(stream);
        rows.addAndGet(-stream.rows());
        List<LayerRequest> dropped = stream.cancel();
        askWaiting();
        return dropped;
    }

    /** Ends all streams. */
    void close(Status reason) {
        streams.forEach(stream -> stream.fail(reason));
        streams.clear();
        waiting.clear();
    }

    /** Rows of all streams that are under way. Callable from any thread. */
    long rows() {
        return rows.get();
    }

    /** Whether each stream that has sent requests for a layer since then waits for an answer, and so sends no other now. */
    boolean allBusy(long since, int layer) {
        for (RouteStream stream : streams) {
            if (!stream.isBusy() && stream.hasTrafficSince(since, layer)) {
                return false;
            }
        }
        return true;
    }

    private void freed(RouteStream stream, int freed) {
        rows.addAndGet(-freed);
        if (stream.isOver()) {
            streams.remove(stream);
            waiting.remove(stream);
        }
        askWaiting();
    }

    private void askWaiting() {
        for (int turn = waiting.size(); turn > 0 && rows.get() < allRows; turn--) {
            RouteStream stream = waiting.remove();
            if (stream.takesMore(streamRows)) {
                stream.ask();
            } else {
                waiting.add(stream);
            }
        }
    }
}
