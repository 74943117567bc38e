package io.tributary.chaos.load;

/** What a client does with its stream, besides resuming it when it breaks. */
public sealed interface Habit {
    /** Reads to the end. */
    record ReadsToTheEnd() implements Habit {}

    /**
     * Ends the session on purpose.
     *
     * @param after tokens received before it does
     * @param byCall whether by `Cancel`; otherwise by cancelling the stream
     */
    record Cancels(int after, boolean byCall) implements Habit {}

    /**
     * Leaves its gateway though nothing broke, and resumes at the next one.
     *
     * @param after tokens received before it does
     */
    record Moves(int after) implements Habit {}
}
