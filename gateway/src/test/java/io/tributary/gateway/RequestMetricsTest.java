package io.tributary.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.tributary.proto.gateway.v1.FinishReason;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The metrics of requests as Prometheus reads them. The registry is the one that Quarkus brings. */
@SuppressWarnings("deprecation")
class RequestMetricsTest {
    private static final String MODEL = "model_name=\"kjv\",";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final RequestMetrics metrics = new RequestMetrics(registry);

    @Test
    void everyMetricHasItsNameBeforeTheFirstRequest() {
        var _ = metrics.of("kjv");

        assertThat(registry.scrape().lines())
                .contains(
                        "vllm:num_requests_running{" + MODEL + "} 0.0",
                        "vllm:num_requests_waiting{" + MODEL + "} 0.0",
                        "vllm:prompt_tokens_total{" + MODEL + "} 0.0",
                        "vllm:generation_tokens_total{" + MODEL + "} 0.0",
                        "vllm:request_success_total{finished_reason=\"stop\"," + MODEL + "} 0.0",
                        "vllm:request_success_total{finished_reason=\"length\"," + MODEL + "} 0.0",
                        "vllm:request_success_total{finished_reason=\"abort\"," + MODEL + "} 0.0",
                        "vllm:request_success_total{finished_reason=\"error\"," + MODEL + "} 0.0",
                        "vllm:time_to_first_token_seconds_count{" + MODEL + "} 0.0",
                        "vllm:inter_token_latency_seconds_count{" + MODEL + "} 0.0",
                        "vllm:request_time_per_output_token_seconds_count{" + MODEL + "} 0.0",
                        "vllm:e2e_request_latency_seconds_count{" + MODEL + "} 0.0",
                        "vllm:request_prompt_tokens_count{" + MODEL + "} 0.0",
                        "vllm:request_generation_tokens_count{" + MODEL + "} 0.0");
    }

    @Test
    void aRequestIsInTheBucketsOfItsTimesAndTokens() {
        RequestMeters meters = metrics.of("kjv");
        meters.firstToken(7, Duration.ofMillis(30).toNanos());
        meters.nextToken(Duration.ofMillis(20).toNanos());
        meters.nextToken(Duration.ofMillis(40).toNanos());
        meters.finished(
                FinishReason.FINISH_REASON_LENGTH,
                7,
                3,
                Duration.ofMillis(95).toNanos(),
                Duration.ofMillis(60).toNanos());

        assertThat(registry.scrape().lines())
                .contains(
                        "vllm:prompt_tokens_total{" + MODEL + "} 7.0",
                        "vllm:generation_tokens_total{" + MODEL + "} 3.0",
                        "vllm:request_success_total{finished_reason=\"length\"," + MODEL + "} 1.0",
                        "vllm:time_to_first_token_seconds_sum{" + MODEL + "} 0.03",
                        "vllm:time_to_first_token_seconds_bucket{" + MODEL + "le=\"0.02\",} 0.0",
                        "vllm:time_to_first_token_seconds_bucket{" + MODEL + "le=\"0.04\",} 1.0",
                        "vllm:inter_token_latency_seconds_bucket{" + MODEL + "le=\"0.025\",} 1.0",
                        "vllm:inter_token_latency_seconds_bucket{" + MODEL + "le=\"0.05\",} 2.0",
                        "vllm:inter_token_latency_seconds_bucket{" + MODEL + "le=\"+Inf\",} 2.0",
                        "vllm:request_time_per_output_token_seconds_sum{" + MODEL + "} 0.03",
                        "vllm:e2e_request_latency_seconds_bucket{" + MODEL + "le=\"0.05\",} 0.0",
                        "vllm:e2e_request_latency_seconds_bucket{" + MODEL + "le=\"0.1\",} 1.0",
                        "vllm:request_prompt_tokens_bucket{" + MODEL + "le=\"5.0\",} 0.0",
                        "vllm:request_prompt_tokens_bucket{" + MODEL + "le=\"10.0\",} 1.0",
                        "vllm:request_generation_tokens_sum{" + MODEL + "} 3.0");
    }

    @Test
    void aRequestThatNeverBeganIsCountedByItsStatus() {
        metrics.arrived();
        metrics.refused(Status.RESOURCE_EXHAUSTED.asRuntimeException());
        metrics.arrived();
        metrics.began();
        metrics.arrived();
        var _ = metrics.of("kjv");

        assertThat(registry.scrape().lines())
                .contains(
                        "tributary_gateway_requests_refused_total{code=\"RESOURCE_EXHAUSTED\",} 1.0",
                        "tributary_gateway_requests_refused_total{code=\"UNAVAILABLE\",} 0.0",
                        "vllm:num_requests_running{" + MODEL + "} 1.0",
                        "vllm:num_requests_waiting{" + MODEL + "} 1.0");
    }

    @Test
    void aRequestOfOneTokenHasNoTimeBetweenTokens() {
        RequestMeters meters = metrics.of("kjv");
        for (FinishReason reason : List.of(
                FinishReason.FINISH_REASON_END_OF_TEXT,
                FinishReason.FINISH_REASON_STOP_TEXT,
                FinishReason.FINISH_REASON_CANCELLED)) {
            meters.finished(reason, 7, 1, 1, 0);
        }
        meters.brokeOff(null);
        meters.brokeOff(Status.UNAVAILABLE.asRuntimeException());

        assertThat(registry.scrape().lines())
                .contains(
                        "vllm:request_time_per_output_token_seconds_count{" + MODEL + "} 0.0",
                        "vllm:request_success_total{finished_reason=\"stop\"," + MODEL + "} 2.0",
                        "vllm:request_success_total{finished_reason=\"abort\"," + MODEL + "} 2.0",
                        "vllm:request_success_total{finished_reason=\"error\"," + MODEL + "} 1.0");
    }
}
