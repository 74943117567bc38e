package io.tributary.chaos.load;

/**
 * How a session ended.
 *
 * @param stream what was received
 * @param end how
 * @param reason why a session was lost; otherwise empty
 * @param resumes how often its stream was resumed
 */
public record SessionOutcome(ReceivedStream stream, End end, String reason, int resumes) {
    /** Ways to end. */
    public enum End {
        /** The last message came. */
        COMPLETE,
        /** The client ended the session on purpose. */
        CANCELLED,
        /** The stream broke and could not be resumed. */
        LOST
    }
}
