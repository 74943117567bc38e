package io.tributary.decoder;

/**
 * What watches a shard at work.
 *
 * @param figures counts
 * @param timings histograms
 * @param tracing spans of sessions
 */
record ShardObservers(ShardFigures figures, ShardTimings timings, SessionTracing tracing) {
    static ShardObservers of(StageModel model, ShardTelemetry telemetry) {
        return new ShardObservers(
                new ShardFigures(),
                new ShardTimings(telemetry.registry(), model),
                new SessionTracing(telemetry.tracing(), model));
    }
}
