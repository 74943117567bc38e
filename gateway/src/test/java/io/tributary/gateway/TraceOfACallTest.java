package io.tributary.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.tributary.log.ActivationLog;
import io.tributary.log.LogReader;
import io.tributary.log.LogRecord;
import io.tributary.log.Topic;
import io.tributary.log.Topics;
import io.tributary.proto.gateway.v1.GatewayServiceGrpc;
import io.tributary.proto.gateway.v1.GenerateRequest;
import io.tributary.proto.gateway.v1.GenerateResponse;
import io.tributary.proto.log.v1.FinishReason;
import io.tributary.proto.log.v1.LaneRecord;
import io.tributary.proto.log.v1.LaneStatus;
import io.tributary.proto.log.v1.SampledToken;
import io.tributary.proto.log.v1.TokenRecord;
import io.tributary.proto.log.v1.Writer;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** The gateway, and servers that see its calls: the trace of a client's call goes along with them. */
@QuarkusTest
@WithTestResource(TokenizerStandIn.class)
class TraceOfACallTest {
    private static final String TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static final String TRACESTATE = "vendor=opaque";
    private static final int DEADLINE_SECONDS = 30;
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Topic<LaneRecord> STAGE_0 = Topics.stage(TokenizerStandIn.MODEL, 0);
    private static final Topic<TokenRecord> TOKENS = Topics.tokens(TokenizerStandIn.MODEL);

    @Inject
    ActivationLog log;

    @ConfigProperty(name = "quarkus.grpc.server.test-port")
    int port;

    BlockingQueue<String> calls = new LinkedBlockingQueue<>();

    @Test
    void theTraceOfAClientReachesEachCallOfTheTokenizer() {
        Metadata trace = new Metadata();
        trace.put(key("traceparent"), TRACEPARENT);
        trace.put(key("tracestate"), TRACESTATE);
        String[] traced = {
            "Encode " + TRACEPARENT + " " + TRACESTATE, "DecodeIncrementally " + TRACEPARENT + " " + TRACESTATE
        };

        assertThat(tokenizerCallsOf(trace)).as("while it connects to the mesh").containsExactly(traced);
        assertThat(tokenizerCallsOf(trace)).as("once it is connected").containsExactly(traced);
        assertThat(tokenizerCallsOf(new Metadata()))
                .as("without a trace")
                .containsExactly("Encode null null", "DecodeIncrementally null null");
    }

    /** Generates one token for a client with that metadata, and returns what the tokenizer saw meanwhile. */
    private List<String> tokenizerCallsOf(Metadata metadata) {
        calls.clear();
        log.createTopics(List.of(STAGE_0, TOKENS));
        reportAShard();
        ManagedChannel channel = ManagedChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .intercept(MetadataUtils.newAttachHeadersInterceptor(metadata))
                .build();
        try (LogReader<LaneRecord> stage0 = log.followFromEnd(STAGE_0)) {
            Iterator<GenerateResponse> responses = GatewayServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
                    .generate(GenerateRequest.newBuilder()
                            .setPrompt("x")
                            .setMaxTokens(1)
                            .build());
            assertThat(responses.next().hasStarted()).isTrue();
            answerWithTheLastToken(promptIn(stage0));
            assertThat(responses.next().getToken().getText()).isEqualTo("y");
            assertThat(responses.next().hasFinished()).isTrue();
        } finally {
            channel.shutdownNow();
        }
        return calls.stream().filter(call -> !call.startsWith("DescribeShard")).toList();
    }

    /** What the owner of a lane says every second. */
    private void reportAShard() {
        TokenRecord status = TokenRecord.newBuilder()
                .setWriter(Writer.newBuilder().setEpoch(1))
                .setLaneStatus(LaneStatus.newBuilder()
                        .setShardId("shard")
                        .setAcceptsSessions(true)
                        .setFreeSessions(1)
                        .setFreePositions(64)
                        .setRetainedBytesLimit(1))
                .build();
        log.writer(TOKENS).append(0, status, "", Map.of());
    }

    private static LogRecord<LaneRecord> promptIn(LogReader<LaneRecord> stage0) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (System.nanoTime() < deadline) {
            for (LogRecord<LaneRecord> read : stage0.poll(POLL)) {
                if (read.value().hasActivation()) {
                    return read;
                }
            }
        }
        throw new AssertionError("the gateway wrote no prompt to stage 0");
    }

    /** What the last stage of a decoder would do. */
    private void answerWithTheLastToken(LogRecord<LaneRecord> prompt) {
        String session = prompt.value().getSessionId();
        TokenRecord token = TokenRecord.newBuilder()
                .setSessionId(session)
                .setToken(SampledToken.newBuilder()
                        .setPosition(1)
                        .setTokenId('y')
                        .setFinishReason(FinishReason.FINISH_REASON_LENGTH))
                .build();
        log.writer(TOKENS).append(prompt.lane(), token, session, Map.of());
    }

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }
}
