package io.tributary.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.tributary.proto.gateway.v1.GatewayServiceGrpc;
import io.tributary.proto.gateway.v1.GenerateRequest;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What gateway and decoder publish of a request. */
@QuarkusTest
class MetricsTest {
    private static final String STAGE = "{model_name=\"kjv-2-6m\",stage=\"0\",}";
    private static final String MODEL = "{model_name=\"kjv-2-6m\",}";
    private static final ManagedChannel CHANNEL =
            ManagedChannelBuilder.forAddress("127.0.0.1", 19107).usePlaintext().build();

    @TestHTTPResource("/q/metrics")
    URI metrics = URI.create("");

    @AfterAll
    static void close() {
        CHANNEL.shutdownNow();
    }

    /** The model is loaded with the first request. */
    @BeforeEach
    void generate() {
        var _ = Streams.read(
                GatewayServiceGrpc.newBlockingStub(CHANNEL),
                GenerateRequest.newBuilder()
                        .setPrompt("In the beginning")
                        .setMaxTokens(3)
                        .build());
    }

    @Test
    void aRequestIsCountedByTheGatewayAndItsStages() throws Exception {
        ExportedMetrics before = ExportedMetrics.scrape(metrics);
        generate();
        ExportedMetrics after = ExportedMetrics.scrape(metrics);

        Map<String, Double> more = new TreeMap<>();
        List.of(
                        "vllm:generation_tokens_total" + MODEL,
                        "vllm:request_success_total{finished_reason=\"length\",model_name=\"kjv-2-6m\",}",
                        "vllm:time_to_first_token_seconds_count" + MODEL,
                        "vllm:inter_token_latency_seconds_count" + MODEL,
                        "vllm:e2e_request_latency_seconds_count" + MODEL,
                        "vllm:request_queue_time_seconds_count" + STAGE,
                        "tributary_decoder_pass_seconds_count" + STAGE)
                .forEach(series -> more.put(series, after.value(series) - before.value(series)));
        assertThat(more)
                .containsOnly(
                        Map.entry("vllm:generation_tokens_total" + MODEL, 3.0),
                        Map.entry(
                                "vllm:request_success_total{finished_reason=\"length\",model_name=\"kjv-2-6m\",}", 1.0),
                        Map.entry("vllm:time_to_first_token_seconds_count" + MODEL, 1.0),
                        Map.entry("vllm:inter_token_latency_seconds_count" + MODEL, 2.0),
                        Map.entry("vllm:e2e_request_latency_seconds_count" + MODEL, 1.0),
                        Map.entry("vllm:request_queue_time_seconds_count" + STAGE, 1.0),
                        Map.entry("tributary_decoder_pass_seconds_count" + STAGE, 3.0));
        assertThat(after.value("vllm:num_requests_running" + MODEL)).isZero();
        assertThat(after.value("vllm:num_requests_waiting" + MODEL)).isZero();
        assertThat(after.value("vllm:kv_cache_usage_perc" + STAGE)).isBetween(0.0, 1.0);
    }

    @Test
    void aModelWithoutExpertsHasNoMetricsOfExperts() throws Exception {
        assertThat(ExportedMetrics.scrape(metrics).names()).noneMatch(name -> name.startsWith("tributary_experts_"));
    }
}
