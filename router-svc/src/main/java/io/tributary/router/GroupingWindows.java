package io.tributary.router;

import io.tributary.router.Loop.Timer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Requests that wait a moment for others of their layer. A window ends when its time is over, when its rows are as many as
 * the gates take, or when nobody is left who could send another request. Lives on the loop.
 */
final class GroupingWindows {
    private static final class Window {
        private final List<LayerRequest> requests = new ArrayList<>();
        private int rows;
        private @Nullable Timer end;
    }

    private final Loop loop;
    private final long length;
    private final int mostRows;
    private final IntPredicate nobodyElseSends;
    private final Consumer<List<LayerRequest>> ended;
    private final Map<Integer, Window> byLayer = new LinkedHashMap<>();
    private boolean lookScheduled;

    /**
     * @param length nanoseconds
     * @param mostRows of a window
     * @param nobodyElseSends whether all clients that send requests for a layer wait for answers
     * @param ended takes the requests of a window, which are all of one layer
     */
    GroupingWindows(
            Loop loop, long length, int mostRows, IntPredicate nobodyElseSends, Consumer<List<LayerRequest>> ended) {
        this.loop = loop;
        this.length = length;
        this.mostRows = mostRows;
        this.nobodyElseSends = nobodyElseSends;
        this.ended = ended;
    }

    /** Adds a request of at most as many rows as a window may have. */
    void add(LayerRequest request) {
        Window window = byLayer.get(request.layer());
        if (window != null && window.rows + request.positions() > mostRows) {
            end(request.layer());
        }
        window = byLayer.computeIfAbsent(request.layer(), this::begin);
        window.requests.add(request);
        window.rows += request.positions();
        if (window.rows == mostRows) {
            end(request.layer());
        } else {
            lookLater();
        }
    }

    /** A request that nobody waits for any more does not take part. */
    void remove(LayerRequest request) {
        Window window = byLayer.get(request.layer());
        if (window != null && window.requests.remove(request)) {
            window.rows -= request.positions();
        }
    }

    /** A client has gone, which others may have waited for. */
    void lookLater() {
        // Behind what has arrived already, which may be requests for the same windows.
        if (!lookScheduled && !byLayer.isEmpty()) {
            lookScheduled = true;
            loop.execute(this::look);
        }
    }

    private Window begin(int layer) {
        Window window = new Window();
        window.end = loop.after(length, () -> end(layer));
        return window;
    }

    private void look() {
        lookScheduled = false;
        for (int layer : List.copyOf(byLayer.keySet())) {
            if (nobodyElseSends.test(layer)) {
                end(layer);
            }
        }
    }

    private void end(int layer) {
        Window window = byLayer.remove(layer);
        if (window == null) {
            return;
        }
        if (window.end != null) {
            window.end.cancel();
        }
        if (!window.requests.isEmpty()) {
            ended.accept(window.requests);
        }
    }
}
