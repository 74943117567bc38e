package io.tributary.decoder.protocol;

/**
 * How much is explored.
 *
 * @param sessions 1 or 2
 * @param promptLength positions of a prompt, one record each
 * @param tokens that a session generates
 * @param faults losses of the lane, crashes and failed appends, together
 * @param decisions sessions that shards end by their own judgement, such as an idle session's
 * @param cancellations whether gateways may cancel
 * @param maximalStates where the exploration gives up
 */
record Bounds(
        int sessions,
        int promptLength,
        int tokens,
        int faults,
        int decisions,
        boolean cancellations,
        int maximalStates) {
    /** Position behind the last token. */
    int endPosition() {
        return promptLength + tokens;
    }
}
