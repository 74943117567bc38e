package io.tributary.log;

/**
 * A record whose bytes are no message of its topic's type.
 *
 * @param lane the lane it lies on
 * @param offset its place there
 * @param key its key, for which a session's id is used; at most 64 characters of it, empty if it has none
 */
public record UnreadableRecord(int lane, long offset, String key) {}
