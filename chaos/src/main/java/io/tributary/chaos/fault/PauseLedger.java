package io.tributary.chaos.fault;

import io.tributary.chaos.load.StreamListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps, for every disturbance of the mesh, the longest pause that it caused.
 *
 * <p>A disturbance has a window: from the moment before it begins to the moment when all processes are ready and all lanes
 * owned again. A pause is the time between two successive tokens of one session (or its last token and its end) at its client,
 * whatever number of streams that took. It belongs to each disturbance whose window it overlaps, and counts from the
 * beginning of the window, or from its own beginning if that is later, until the token came, even if that was behind the
 * window. The time before the first token does not count. For many threads.
 */
public final class PauseLedger implements StreamListener {
    private final List<Window> windows = new ArrayList<>();

    /** One disturbance. */
    public final class Window {
        private final String name;
        private final long start;
        private long end;
        private boolean open = true;
        private long longest;

        private Window(String name, long start) {
            this.name = name;
            this.start = start;
        }

        /** Says that the mesh is whole again. */
        public void close() {
            closeAt(System.nanoTime());
        }

        void closeAt(long nanos) {
            synchronized (PauseLedger.this) {
                end = nanos;
                open = false;
            }
        }

        /** What was done. */
        public String name() {
            return name;
        }

        /** The longest pause that belongs to it; zero if there was none. */
        public Duration longestPause() {
            synchronized (PauseLedger.this) {
                return Duration.ofNanos(longest);
            }
        }

        /** From its beginning to its end, or to now. */
        public Duration length() {
            synchronized (PauseLedger.this) {
                return Duration.ofNanos((open ? System.nanoTime() : end) - start);
            }
        }

        private void count(long from, long to) {
            boolean overlaps = to - start > 0 && (open || end - from > 0);
            if (overlaps) {
                longest = Math.max(longest, to - (from - start > 0 ? from : start));
            }
        }
    }

    /** Opens the window of a disturbance that is about to begin. */
    public Window open(String name) {
        return openAt(name, System.nanoTime());
    }

    synchronized Window openAt(String name, long nanos) {
        Window window = new Window(name, nanos);
        windows.add(window);
        return window;
    }

    @Override
    public synchronized void pause(long from, long to) {
        for (int index = windows.size() - 1; index >= 0; index--) {
            Window window = windows.get(index);
            window.count(from, to);
            // Windows follow one another, so one that was open before this pause began is the last that can overlap it.
            if (from - window.start >= 0) {
                return;
            }
        }
    }

    /** All disturbances, in their order. */
    public synchronized List<Window> windows() {
        return List.copyOf(windows);
    }
}
