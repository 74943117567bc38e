package io.tributary.log;

import java.util.Map;

/**
 * A record as a reader sees it.
 *
 * @param lane the lane it lies on, from 0
 * @param offset its place on the lane; ascending, not necessarily without gaps
 * @param timestampMillis when its writer appended it, in milliseconds since 1970 by the writer's clock
 * @param value the message
 * @param headers what travels beside it, such as {@code traceparent}; immutable
 */
public record LogRecord<T>(int lane, long offset, long timestampMillis, T value, Map<String, String> headers) {
    public LogRecord {
        headers = Map.copyOf(headers);
    }
}
