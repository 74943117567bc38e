package io.tributary.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.tributary.cli.mesh.Deadline;
import io.tributary.cli.mesh.MeshLauncher;
import io.tributary.cli.mesh.MeshProcess;
import io.tributary.cli.mesh.MeshState;
import io.tributary.cli.mesh.ProcessStart;
import io.tributary.mesh.SpanCollector.Exported;
import io.tributary.proto.gateway.v1.GatewayServiceGrpc;
import io.tributary.proto.gateway.v1.GenerateRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The processes of a mesh of two stages, with a collector that is named as a deployment names it. */
class TracedMeshIT {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String CLIENT = "00f067aa0ba902b7";
    private static final Duration STARTED_WITHIN = Duration.ofMinutes(2);
    private static final Duration ENDED_WITHIN = Duration.ofSeconds(10);

    @TempDir
    Path directory = Path.of("");

    private final List<MeshProcess> processes = new ArrayList<>();

    @Test
    void theSpansOfGatewayAndStagesMeetInTheClientsTrace() throws Exception {
        try (SpanCollector collector = new SpanCollector()) {
            ProcessStart gateway = start(collector.endpoint());
            generate(gateway.grpcPort());

            List<Exported> spans = collector.await(TRACE, 5);
            Exported request = spans.stream()
                    .filter(span -> span.name().equals("text_completion kjv-2-6m"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no span of the request among " + spans));
            assertThat(request.parentSpanId()).isEqualTo(CLIENT);
            assertThat(spans)
                    .filteredOn(span -> !span.equals(request))
                    .hasSize(4)
                    .allSatisfy(span -> assertThat(span.parentSpanId()).isEqualTo(request.spanId()))
                    .extracting(Exported::name)
                    .containsExactlyInAnyOrder("prefill", "decode", "prefill", "decode");
        } finally {
            processes.reversed().forEach(process -> process.stop(ENDED_WITHIN));
        }
    }

    private ProcessStart start(String endpoint) {
        MeshLauncher launcher = new MeshLauncher(new MeshState(directory));
        Map<String, String> tracing = Map.of(
                "quarkus.otel.sdk.disabled",
                "false",
                "quarkus.otel.exporter.otlp.endpoint",
                endpoint,
                "quarkus.otel.bsp.schedule.delay",
                "100ms");
        Deadline deadline = Deadline.in(STARTED_WITHIN);
        ProcessStart broker = launcher.broker();
        processes.add(launcher.launch(broker));
        launcher.await(processes.getFirst(), deadline);
        ProcessStart tokenizer = launcher.tokenizer(ShippedModel.PATH);
        ProcessStart first = launcher.decoder("decoder-0", ShippedModel.PATH, broker, 0, 2);
        ProcessStart last = launcher.decoder("decoder-1", ShippedModel.PATH, broker, 1, 2);
        ProcessStart gateway = launcher.gateway("gateway", broker, tokenizer, first, 0, 0);
        for (ProcessStart service : List.of(tokenizer, first, last, gateway)) {
            processes.add(launcher.launch(service.withProperties(tracing)));
        }
        processes.forEach(process -> launcher.await(process, deadline));
        return gateway;
    }

    private static void generate(int port) {
        Metadata metadata = new Metadata();
        metadata.put(
                Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER), "00-" + TRACE + "-" + CLIENT + "-01");
        ManagedChannel channel = ManagedChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .build();
        try {
            var _ = Streams.read(
                    GatewayServiceGrpc.newBlockingStub(channel)
                            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata)),
                    GenerateRequest.newBuilder()
                            .setPrompt("In the beginning")
                            .setMaxTokens(4)
                            .build());
        } finally {
            channel.shutdownNow();
        }
    }
}
