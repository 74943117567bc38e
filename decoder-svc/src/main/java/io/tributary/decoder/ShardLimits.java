package io.tributary.decoder;

import java.time.Duration;

/**
 * What a shard takes on.
 *
 * @param sessions that may be live
 * @param promptRows positions of prompts in a pass in which sessions decode; at least 1
 * @param retainedBytes of a lane that live sessions may need before it takes no new ones
 * @param idleTimeout after which a session without a record is freed
 */
record ShardLimits(int sessions, int promptRows, long retainedBytes, Duration idleTimeout) {}
