package io.tributary.mesh;

import static io.opentelemetry.api.common.AttributeKey.doubleKey;
import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringArrayKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.tributary.proto.gateway.v1.EmbedRequest;
import io.tributary.proto.gateway.v1.GatewayServiceGrpc;
import io.tributary.proto.gateway.v1.GatewayServiceGrpc.GatewayServiceBlockingStub;
import io.tributary.proto.gateway.v1.GenerateRequest;
import io.tributary.proto.gateway.v1.SamplingParameters;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The spans of requests through the mesh in one JVM, below that of the client. */
@QuarkusTest
@TestProfile(TracedProfile.class)
class TracedRequestTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String CLIENT = "00f067aa0ba902b7";
    private static final String TRACEPARENT = "00-" + TRACE + "-" + CLIENT + "-01";
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final String PROMPT = "In the beginning";

    private final ManagedChannel channel =
            ManagedChannelBuilder.forAddress("127.0.0.1", 19107).usePlaintext().build();

    @Inject
    RecordedSpans recorded;

    @TestHTTPResource("/v1/completions")
    URI completions = URI.create("");

    @BeforeEach
    void forget() {
        recorded.exporter().reset();
    }

    @AfterEach
    void close() {
        channel.shutdownNow();
    }

    @Test
    void aRequestHasASpanAtTheGatewayWithThoseOfItsStageBelow() {
        var _ = Streams.read(gateway(), request().build());

        List<SpanData> spans = await(3);
        SpanData request = named(spans, "text_completion kjv-2-6m");
        assertThat(spans).hasSize(3).extracting(SpanData::getTraceId).containsOnly(TRACE);
        assertThat(request.getParentSpanId()).isEqualTo(CLIENT);
        assertThat(request.getKind()).isEqualTo(SpanKind.SERVER);
        for (String phase : List.of("prefill", "decode")) {
            assertThat(named(spans, phase).getParentSpanId()).isEqualTo(request.getSpanId());
        }
    }

    @Test
    void theSpanOfARequestHasTheAttributesOfTheConventionsAndNoText() {
        var _ = Streams.read(
                gateway(),
                request()
                        .setSampling(SamplingParameters.newBuilder()
                                .setTemperature(0.5f)
                                .setTopP(0.25f)
                                .setSeed(9))
                        .build());

        SpanData span = named(await(3), "text_completion kjv-2-6m");
        assertThat(span.getAttributes().get(stringKey("gen_ai.operation.name"))).isEqualTo("text_completion");
        assertThat(span.getAttributes().get(stringKey("gen_ai.request.model"))).isEqualTo("kjv-2-6m");
        assertThat(span.getAttributes().get(doubleKey("gen_ai.request.temperature")))
                .isEqualTo(0.5);
        assertThat(span.getAttributes().get(doubleKey("gen_ai.request.top_p"))).isEqualTo(0.25);
        assertThat(span.getAttributes().get(longKey("gen_ai.request.max_tokens")))
                .isEqualTo(4);
        assertThat(span.getAttributes().get(longKey("gen_ai.request.seed"))).isEqualTo(9);
        assertThat(span.getAttributes().get(longKey("gen_ai.usage.input_tokens")))
                .isPositive();
        assertThat(span.getAttributes().get(longKey("gen_ai.usage.output_tokens")))
                .isEqualTo(4);
        assertThat(span.getAttributes().get(stringArrayKey("gen_ai.response.finish_reasons")))
                .containsExactly("length");
        assertThat(span.getAttributes().get(doubleKey("gen_ai.response.time_to_first_chunk")))
                .isPositive();
        assertThat(recorded.exporter().getFinishedSpanItems().toString()).doesNotContain(PROMPT);
    }

    @Test
    void aRefusedRequestHasASpanWithItsStatusAndWithoutItsMessage() {
        assertThatThrownBy(
                        () -> Streams.read(gateway(), request().setMaxTokens(0).build()))
                .isInstanceOf(StatusRuntimeException.class);

        SpanData span = await(1).getFirst();
        assertThat(span.getParentSpanId()).isEqualTo(CLIENT);
        assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(span.getStatus().getDescription()).isEmpty();
        assertThat(span.getAttributes().get(stringKey("error.type"))).isEqualTo("invalid_argument");
    }

    @Test
    void anEmbeddingHasASpanAboveTheOneOfItsPrompt() {
        var _ = gateway().embed(EmbedRequest.newBuilder().addTexts(PROMPT).build());

        List<SpanData> spans = await(2);
        SpanData request = named(spans, "embeddings");
        assertThat(request.getParentSpanId()).isEqualTo(CLIENT);
        assertThat(named(spans, "prefill").getParentSpanId()).isEqualTo(request.getSpanId());
    }

    @Test
    void aRequestOverHttpHasTheSameSpans() throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(completions)
                    .timeout(DEADLINE)
                    .header("content-type", "application/json")
                    .header("traceparent", TRACEPARENT)
                    .POST(HttpRequest.BodyPublishers.ofString("{\"prompt\":\"" + PROMPT + "\",\"max_tokens\":4}"))
                    .build();
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        }

        List<SpanData> spans = await(3);
        assertThat(spans).hasSize(3).extracting(SpanData::getTraceId).containsOnly(TRACE);
        assertThat(named(spans, "text_completion kjv-2-6m").getParentSpanId()).isEqualTo(CLIENT);
    }

    private GatewayServiceBlockingStub gateway() {
        Metadata metadata = new Metadata();
        metadata.put(Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER), TRACEPARENT);
        return GatewayServiceGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
    }

    private static GenerateRequest.Builder request() {
        return GenerateRequest.newBuilder().setPrompt(PROMPT).setMaxTokens(4);
    }

    /** Spans end when the stream has: a moment after the client has heard of it. */
    private List<SpanData> await(int count) {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (recorded.exporter().getFinishedSpanItems().size() < count && System.nanoTime() < deadline) {
            LockSupport.parkNanos(1_000_000);
        }
        return recorded.exporter().getFinishedSpanItems();
    }

    private static SpanData named(List<SpanData> spans, String name) {
        return spans.stream()
                .filter(span -> span.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no span " + name + " among " + spans));
    }
}
