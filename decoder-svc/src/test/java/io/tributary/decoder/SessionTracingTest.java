package io.tributary.decoder;

import static io.opentelemetry.api.common.AttributeKey.booleanKey;
import static io.opentelemetry.api.common.AttributeKey.longKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.tributary.decoder.TestShards.Replica;
import io.tributary.edge.Tracing;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The spans that shards make of the sessions of a trace. */
@Timeout(120)
class SessionTracingTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00f067aa0ba902b7";
    private static final Map<String, String> HEADERS = Map.of("traceparent", "00-" + TRACE + "-" + PARENT + "-01");

    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
    private final OpenTelemetrySdk telemetry = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                    .build())
            .build();

    @AfterEach
    void close() {
        telemetry.close();
    }

    @Test
    void eachStageHasOneSpanOfThePromptAndOneOfTheTokensBelowTheClientsSpan() {
        try (TestShards shards = traced(2)) {
            shards.start(0);
            shards.start(1);
            shards.headers(HEADERS);
            String session = shards.open(1, 40, 10, 4);
            shards.await(() -> shards.tokensOf(session).complete());
            shards.await(() -> spans().size() == 4);

            assertThat(spans()).allSatisfy(span -> {
                assertThat(span.getTraceId()).isEqualTo(TRACE);
                assertThat(span.getParentSpanId()).isEqualTo(PARENT);
                assertThat(attribute(span, "lane")).isEqualTo(1);
                assertThat(replay(span)).isFalse();
                assertThat(span.getEndEpochNanos()).isGreaterThan(span.getStartEpochNanos());
            });
            assertThat(spans())
                    .extracting(
                            SpanData::getName, span -> attribute(span, "stage"), span -> attribute(span, "positions"))
                    .containsExactlyInAnyOrder(
                            tuple("prefill", 0L, 40L),
                            tuple("prefill", 1L, 40L),
                            // The last token is not computed any more.
                            tuple("decode", 0L, 9L),
                            tuple("decode", 1L, 9L));
        }
    }

    @Test
    void whatAShardComputesAgainAfterATakeoverHasSpansOfItsOwn() {
        try (TestShards shards = traced(1)) {
            Replica first = shards.start(0);
            shards.headers(HEADERS);
            String chat = shards.openChat(0, 20, 5, 4);
            shards.await(() -> shards.tokensOf(chat).total() == 5);
            first.shard().close();
            exporter.reset();
            Replica second = shards.start(0);
            shards.await(() -> second.shard().lanes().contains(0));
            shards.proceed(chat, 7, 6, 4);
            shards.await(() -> spans().size() == 4);

            assertThat(spans()).allSatisfy(span -> {
                assertThat(span.getTraceId()).isEqualTo(TRACE);
                assertThat(span.getParentSpanId()).isEqualTo(PARENT);
            });
            assertThat(spans())
                    .extracting(SpanData::getName, SessionTracingTest::replay, span -> attribute(span, "positions"))
                    .containsExactly(
                            tuple("prefill", true, 20L),
                            tuple("decode", true, 4L),
                            tuple("prefill", false, 8L),
                            tuple("decode", false, 5L));
        }
    }

    @Test
    void everyTurnHasSpansOfItsOwnBelowTheCallThatAskedForIt() {
        try (TestShards shards = traced(2)) {
            shards.start(0);
            shards.start(1);
            String chat = shards.openChat(0, 20, 5, 4);
            shards.await(() -> shards.tokensOf(chat).total() == 5);
            shards.headers(HEADERS);
            shards.proceed(chat, 7, 6, 4);
            shards.await(() -> shards.tokensOf(chat).total() == 11);
            shards.cancel(chat);
            shards.await(() -> spans().size() == 4);

            assertThat(spans()).extracting(SpanData::getParentSpanId).containsOnly(PARENT);
            assertThat(spans())
                    .extracting(
                            SpanData::getName, span -> attribute(span, "stage"), span -> attribute(span, "positions"))
                    .containsExactlyInAnyOrder(
                            // The last token of the turn before comes in front of the new prompt.
                            tuple("prefill", 0L, 8L),
                            tuple("prefill", 1L, 8L),
                            tuple("decode", 0L, 5L),
                            tuple("decode", 1L, 5L));
        }
    }

    @Test
    void aSessionWithoutATraceHasNoSpans() {
        try (TestShards shards = traced(1)) {
            shards.start(0);
            String session = shards.open(0, 20, 5, 4);
            shards.await(() -> shards.tokensOf(session).complete());
        }
        assertThat(spans()).isEmpty();
    }

    private TestShards traced(int stages) {
        TestShards shards = new TestShards(stages);
        shards.observeWith(new ShardTelemetry(new SimpleMeterRegistry(), Tracing.with(telemetry)));
        return shards;
    }

    private List<SpanData> spans() {
        return exporter.getFinishedSpanItems();
    }

    private static Long attribute(SpanData span, String name) {
        return span.getAttributes().get(longKey("tributary." + name));
    }

    private static boolean replay(SpanData span) {
        return Boolean.TRUE.equals(span.getAttributes().get(booleanKey("tributary.replay")));
    }
}
