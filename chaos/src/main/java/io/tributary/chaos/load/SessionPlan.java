package io.tributary.chaos.load;

import io.tributary.proto.gateway.v1.GenerateRequest;

/**
 * One request of the load.
 *
 * @param number 0-based, for messages
 * @param request what is asked for, with a seed, so that its tokens are always the same
 * @param habit what its client does with the stream
 */
public record SessionPlan(int number, GenerateRequest request, Habit habit) {
    /** The same request of a client that reads to the end. */
    public SessionPlan undisturbed() {
        return new SessionPlan(number, request, new Habit.ReadsToTheEnd());
    }
}
