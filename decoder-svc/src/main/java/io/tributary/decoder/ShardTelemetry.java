package io.tributary.decoder;

import io.micrometer.core.instrument.MeterRegistry;
import io.tributary.edge.Tracing;

/**
 * Where a shard publishes what it observes.
 *
 * @param registry of metrics
 * @param tracing of sessions
 */
record ShardTelemetry(MeterRegistry registry, Tracing tracing) {}
