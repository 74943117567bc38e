package io.tributary.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse.ServingStatus;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.tributary.cli.CommandLines;
import io.tributary.log.KafkaLog;
import io.tributary.log.KafkaLogConfiguration;
import io.tributary.log.LogReader;
import io.tributary.log.LogRecord;
import io.tributary.log.Topics;
import io.tributary.proto.decoder.v1.DecoderServiceGrpc;
import io.tributary.proto.decoder.v1.DescribeShardRequest;
import io.tributary.proto.gateway.v1.GatewayServiceGrpc;
import io.tributary.proto.gateway.v1.GenerateRequest;
import io.tributary.proto.log.v1.LaneRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The mesh as `tributary mesh up` starts it: a broker and one process a service, two stages. */
class MeshProcessesIT extends GatewayContract {
    private static final String TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static final int SERVICES = 6;

    @TempDir
    static Path directory = Path.of("");

    private static final Map<String, JsonNode> PROCESSES = new LinkedHashMap<>();
    private static final Map<String, ManagedChannel> CHANNELS = new LinkedHashMap<>();

    @BeforeAll
    static void up() throws IOException {
        int status = CommandLines.run(
                "mesh", "up", "--directory", directory.toString(), "--grpc-port", "0", "--http-port", "0");
        assertThat(status).isZero();
        for (JsonNode process :
                new ObjectMapper().readTree(directory.resolve("processes.json").toFile())) {
            String name = process.get("name").asText();
            PROCESSES.put(name, process);
            if (process.get("httpPort").asInt() != 0) {
                CHANNELS.put(
                        name,
                        ManagedChannelBuilder.forAddress(
                                        "127.0.0.1", process.get("grpcPort").asInt())
                                .usePlaintext()
                                .build());
            }
        }
    }

    @AfterAll
    static void down() {
        CHANNELS.values().forEach(ManagedChannel::shutdownNow);
        assertThat(CommandLines.run("mesh", "down", "--directory", directory.toString()))
                .isZero();
        assertThat(PROCESSES.values())
                .noneMatch(
                        process -> ProcessHandle.of(process.get("pid").asLong()).isPresent());
    }

    @Override
    ManagedChannel gatewayChannel() {
        return channel("gateway");
    }

    @Override
    Collection<Integer> liveSessions() {
        return List.of(liveSessions("decoder-0"), liveSessions("decoder-1"));
    }

    private static ManagedChannel channel(String process) {
        return Objects.requireNonNull(CHANNELS.get(process), process);
    }

    private static int liveSessions(String decoder) {
        return DecoderServiceGrpc.newBlockingStub(channel(decoder))
                .describeShard(DescribeShardRequest.getDefaultInstance())
                .getLiveSessions();
    }

    @Test
    void everyServiceAnswersHealthAndIsReady() {
        assertThat(CHANNELS).hasSize(SERVICES);
        CHANNELS.forEach((name, channel) -> assertThat(HealthGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(10, TimeUnit.SECONDS)
                        .check(HealthCheckRequest.getDefaultInstance())
                        .getStatus())
                .as(name)
                .isEqualTo(ServingStatus.SERVING));
        assertThat(CommandLines.run("mesh", "status", "--directory", directory.toString()))
                .isZero();
    }

    @Test
    void everyServiceAnswersReflection() {
        Map<String, String> services = Map.of(
                "gateway", "tributary.gateway.v1.GatewayService",
                "tokenizer", "tributary.tokenizer.v1.TokenizerService",
                "encoder", "tributary.encoder.v1.EncoderService",
                "router", "tributary.router.v1.RouterService",
                "decoder-0", "tributary.decoder.v1.DecoderService",
                "decoder-1", "tributary.decoder.v1.DecoderService");

        services.forEach((process, service) ->
                assertThat(Reflection.services(channel(process))).as(process).contains(service));
    }

    @Test
    void theTraceOfACallTravelsInTheHeadersOfItsRecords() {
        int port =
                Objects.requireNonNull(PROCESSES.get("broker")).get("grpcPort").asInt();
        Metadata metadata = new Metadata();
        metadata.put(Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER), TRACEPARENT);
        try (KafkaLog log = new KafkaLog(KafkaLogConfiguration.of("127.0.0.1:" + port, 8, 1));
                LogReader<LaneRecord> stage1 = log.followFromEnd(Topics.stage("kjv-2-6m", 1))) {
            Streams.read(
                    GatewayServiceGrpc.newBlockingStub(gatewayChannel())
                            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata)),
                    GenerateRequest.newBuilder().setPrompt("x").setMaxTokens(2).build());

            assertThat(untilClosed(stage1))
                    .hasSizeGreaterThanOrEqualTo(3)
                    .allSatisfy(
                            laneRecord -> assertThat(laneRecord.headers()).containsEntry("traceparent", TRACEPARENT));
        }
    }

    private static List<LogRecord<LaneRecord>> untilClosed(LogReader<LaneRecord> reader) {
        List<LogRecord<LaneRecord>> records = new ArrayList<>();
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (System.nanoTime() < deadline
                && records.stream().noneMatch(laneRecord -> laneRecord.value().hasClose())) {
            records.addAll(reader.poll(Duration.ofMillis(200)));
        }
        return records;
    }
}
