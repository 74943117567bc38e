package io.tributary.cli;

import io.tributary.decoder.StageLoading;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.PrintStream;
import java.time.Duration;

/** Shows a person at a terminal how far a model that takes a while has been loaded. */
@ApplicationScoped
class LoadingBar {
    private static final int WIDTH = 30;
    private static final long UNNOTICED = Duration.ofMillis(300).toNanos();
    private static final String ERASE_LINE = "\r\033[K";

    private final boolean seen = StandardOutput.isTerminal();
    private final long start = System.nanoTime();
    private boolean shown;

    void show(@Observes StageLoading loading) {
        boolean complete = loading.layers() == loading.allLayers();
        if (!seen || (!shown && (complete || System.nanoTime() - start < UNNOTICED))) {
            return;
        }
        PrintStream messages = System.err;
        messages.print(ERASE_LINE);
        if (!complete) {
            messages.print(line(loading));
        }
        messages.flush();
        shown = !complete;
    }

    /** The bar: as much of it is full as there are layers loaded. */
    static String line(StageLoading loading) {
        int full = WIDTH * loading.layers() / loading.allLayers();
        return "loading [%s%s] %d of %d layers"
                .formatted("#".repeat(full), " ".repeat(WIDTH - full), loading.layers(), loading.allLayers());
    }
}
