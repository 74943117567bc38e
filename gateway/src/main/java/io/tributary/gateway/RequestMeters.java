package io.tributary.gateway;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tributary.proto.gateway.v1.FinishReason;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The histograms and counters of one model's requests, with vLLM's names, units and label {@code model_name}
 * (docs.vllm.ai, Production Metrics). To record allocates nothing. Safe for use by many threads.
 */
final class RequestMeters {
    private static final Duration[] TOKEN_SECONDS = buckets(
            1, 2, 5, 10, 25, 50, 75, 100, 150, 200, 300, 400, 500, 750, 1_000, 2_500, 5_000, 7_500, 10_000, 20_000,
            40_000, 80_000);
    private static final Duration[] FIRST_TOKEN_SECONDS = buckets(
            1, 5, 10, 20, 40, 60, 80, 100, 250, 500, 750, 1_000, 2_500, 5_000, 7_500, 10_000, 20_000, 40_000, 80_000,
            160_000, 640_000);
    private static final Duration[] REQUEST_SECONDS = buckets(
            10, 50, 100, 300, 500, 800, 1_000, 1_500, 2_000, 2_500, 5_000, 10_000, 15_000, 20_000, 30_000, 40_000,
            50_000, 60_000, 120_000, 240_000, 480_000, 960_000, 1_920_000);
    private static final double[] TOKENS = {
        1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000
    };
    /** As vLLM labels them. */
    private static final List<String> REASONS = List.of("stop", "length", "abort", "error");

    private final MeterRegistry registry;
    private final String model;
    private final Timer timeToFirstToken;
    private final Timer interTokenLatency;
    private final Timer timePerOutputToken;
    private final Timer latency;
    private final DistributionSummary promptTokens;
    private final DistributionSummary generationTokens;
    private final Counter promptTotal;
    private final Counter generationTotal;
    private final Map<FinishReason, Counter> finished = new EnumMap<>(FinishReason.class);
    private final Counter aborted;
    private final Counter failed;

    /** @param model its name, the value of the label */
    RequestMeters(MeterRegistry registry, String model) {
        this.registry = registry;
        this.model = model;
        this.timeToFirstToken = timer("time_to_first_token", "From a request to its first token", FIRST_TOKEN_SECONDS);
        this.interTokenLatency = timer("inter_token_latency", "From a token of a request to the next", TOKEN_SECONDS);
        this.timePerOutputToken = timer(
                "request_time_per_output_token", "Mean time between the tokens of a finished request", TOKEN_SECONDS);
        this.latency = timer("e2e_request_latency", "From a request to its end", REQUEST_SECONDS);
        this.promptTokens = summary("request_prompt_tokens", "Tokens of the prompt of a finished request");
        this.generationTokens = summary("request_generation_tokens", "Tokens that a finished request generated");
        this.promptTotal = counter("prompt_tokens", "Tokens of prompts that were computed");
        this.generationTotal = counter("generation_tokens", "Tokens that were generated");
        List<Counter> ends = REASONS.stream().map(this::end).toList();
        finished.put(FinishReason.FINISH_REASON_END_OF_TEXT, ends.get(0));
        finished.put(FinishReason.FINISH_REASON_STOP_TEXT, ends.get(0));
        finished.put(FinishReason.FINISH_REASON_LENGTH, ends.get(1));
        finished.put(FinishReason.FINISH_REASON_CANCELLED, ends.get(2));
        this.aborted = ends.get(2);
        this.failed = ends.get(3);
    }

    private static Duration[] buckets(long... milliseconds) {
        return LongStream.of(milliseconds).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
    }

    private Timer timer(String name, String description, Duration[] buckets) {
        return Timer.builder("vllm:" + name + "_seconds")
                .description(description)
                .tag("model_name", model)
                .serviceLevelObjectives(buckets)
                .register(registry);
    }

    private DistributionSummary summary(String name, String description) {
        return DistributionSummary.builder("vllm:" + name)
                .description(description)
                .tag("model_name", model)
                .serviceLevelObjectives(TOKENS)
                .register(registry);
    }

    private Counter counter(String name, String description) {
        return Counter.builder("vllm:" + name)
                .description(description)
                .tag("model_name", model)
                .register(registry);
    }

    private Counter end(String reason) {
        return Counter.builder("vllm:request_success")
                .description("Requests that had begun and have ended")
                .tag("model_name", model)
                .tag("finished_reason", reason)
                .register(registry);
    }

    /** The first token of a request has come. */
    void firstToken(int ofPrompt, long nanosSinceArrival) {
        promptTotal.increment(ofPrompt);
        generationTotal.increment();
        timeToFirstToken.record(nanosSinceArrival, TimeUnit.NANOSECONDS);
    }

    /** A later token has come. */
    void nextToken(long nanosSinceLast) {
        generationTotal.increment();
        interTokenLatency.record(nanosSinceLast, TimeUnit.NANOSECONDS);
    }

    /**
     * A request has come to its end.
     *
     * @param tokens that it generated
     * @param generatingNanos from its first token to its last
     */
    void finished(FinishReason reason, int ofPrompt, int tokens, long nanosSinceArrival, long generatingNanos) {
        Counter end = finished.get(reason);
        if (end != null) {
            end.increment();
        }
        latency.record(nanosSinceArrival, TimeUnit.NANOSECONDS);
        promptTokens.record(ofPrompt);
        generationTokens.record(tokens);
        if (tokens > 1) {
            timePerOutputToken.record(generatingNanos / (tokens - 1), TimeUnit.NANOSECONDS);
        }
    }

    /**
     * A request that had begun broke off.
     *
     * @param failure null if the client wanted no more
     */
    void brokeOff(@Nullable Throwable failure) {
        (failure == null ? aborted : failed).increment();
    }
}
