package io.tributary.chaos.load;

/** Is told how streams get on. Called by many threads. */
@FunctionalInterface
public interface StreamListener {
    /**
     * A token, or the end, came to a client after an earlier token of the same session.
     *
     * @param from when the earlier one came, on the clock of {@link System#nanoTime()}
     * @param to when the later one came
     */
    void pause(long from, long to);

    /** A token came. */
    default void token() {}
}
