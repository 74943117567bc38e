/**
 * The activation log: topics cut into lanes, appended to by gateways and shards and read by them, over Kafka
 * ({@link io.tributary.log.KafkaLog}) or inside one JVM ({@link io.tributary.log.InProcessLog}).
 */
@NullMarked
package io.tributary.log;

import org.jspecify.annotations.NullMarked;
