package io.tributary.log;

import java.util.Set;

/** What a place on a lane must be like, for both transports. */
final class Lanes {
    private Lanes() {}

    /** @throws IllegalArgumentException for a lane that does not exist */
    static void require(Topic<?> topic, int lanes, int lane) {
        if (lane < 0 || lane >= lanes) {
            throw new IllegalArgumentException(
                    "lane %d of topic %s does not exist; lanes 0 to %d do".formatted(lane, topic.name(), lanes - 1));
        }
    }

    /** @throws IllegalArgumentException for no lanes or a lane that does not exist */
    static void requireSome(Topic<?> topic, int lanes, Set<Integer> wanted) {
        if (wanted.isEmpty()) {
            throw new IllegalArgumentException(
                    "a reader of no lane of topic %s; at least one is needed".formatted(topic.name()));
        }
        wanted.forEach(lane -> require(topic, lanes, lane));
    }

    /** @throws IllegalArgumentException for a lane that does not exist or a negative offset */
    static void requirePlace(Topic<?> topic, int lanes, int lane, long offset) {
        require(topic, lanes, lane);
        if (offset < 0) {
            throw new IllegalArgumentException(
                    "offset %d of lane %d of topic %s; offsets count from 0".formatted(offset, lane, topic.name()));
        }
    }

    /** @throws IllegalArgumentException for a negative number of records */
    static void requireCount(Topic<?> topic, int records) {
        if (records < 0) {
            throw new IllegalArgumentException(
                    "%d recent records of topic %s; at least 0 are needed".formatted(records, topic.name()));
        }
    }
}
