package io.tributary.router;

import com.google.rpc.Status;
import io.tributary.proto.router.v1.RouteResponse;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/** One stream of requests: those under way, and answers that the client has not taken yet. Lives on the loop. */
final class RouteStream {
    /** An answer, and the rows of its request, which count until the client takes it. */
    private record Answer(RouteResponse response, int rows) {}

    private final RouteOutlet outlet;
    private final Map<Long, LayerRequest> underWay = new HashMap<>();
    /** When the last request for each layer came. */
    private final Map<Integer, Long> lastArrivals = new HashMap<>();

    private final Queue<Answer> untaken = new ArrayDeque<>();
    private int rows;
    private boolean asked;
    private boolean halfClosed;
    private boolean over;

    RouteStream(RouteOutlet outlet) {
        this.outlet = outlet;
    }

    /** Whether a request of that id is under way. */
    boolean has(long requestId) {
        return underWay.containsKey(requestId);
    }

    /** Whether any request is under way. */
    boolean isBusy() {
        return !underWay.isEmpty();
    }

    /** Whether the client sends requests for a layer at present: it has sent one since then, and may send more. */
    boolean hasTrafficSince(long time, int layer) {
        Long last = lastArrivals.get(layer);
        return !halfClosed && last != null && last - time >= 0;
    }

    /** Rows that are under way or whose answers are not taken. */
    int rows() {
        return rows;
    }

    /** Whether one more request may be asked for, as far as this stream is concerned. */
    boolean takesMore(int mostRows) {
        return !asked && !halfClosed && !over && untaken.isEmpty() && rows < mostRows;
    }

    void ask() {
        asked = true;
        outlet.ask();
    }

    /** The request that was asked for has come. */
    void arrived() {
        asked = false;
    }

    void begin(LayerRequest request, long now) {
        lastArrivals.put(request.layer(), now);
        underWay.put(request.id(), request);
        rows += request.positions();
    }

    /** The client sends no more requests. */
    void halfClose() {
        halfClosed = true;
    }

    /**
     * Answers a request.
     *
     * @return rows that have become free
     */
    int answer(LayerRequest request, RouteResponse response) {
        underWay.remove(request.id());
        return answer(response, request.positions());
    }

    /**
     * Answers a request that was not taken.
     *
     * @return rows of others that have become free
     */
    int refuse(RouteResponse response) {
        return answer(response, 0);
    }

    private int answer(RouteResponse response, int answered) {
        untaken.add(new Answer(response, answered));
        return drain();
    }

    /**
     * Hands answers over as long as the client takes any.
     *
     * @return rows that have become free
     */
    int drain() {
        int freed = 0;
        while (!over && !untaken.isEmpty() && outlet.ready()) {
            Answer answer = untaken.remove();
            freed += answer.rows();
            outlet.send(answer.response());
        }
        rows -= freed;
        if (halfClosed && !over && untaken.isEmpty() && underWay.isEmpty()) {
            over = true;
            outlet.end();
        }
        return freed;
    }

    /**
     * The client has gone: nothing is sent any more.
     *
     * @return the requests that nobody waits for
     */
    List<LayerRequest> cancel() {
        over = true;
        List<LayerRequest> dropped = List.copyOf(underWay.values());
        underWay.clear();
        untaken.clear();
        return dropped;
    }

    /** Ends the stream. */
    void fail(Status reason) {
        over = true;
        outlet.fail(reason);
    }

    /** Whether nothing is sent any more. */
    boolean isOver() {
        return over;
    }
}
