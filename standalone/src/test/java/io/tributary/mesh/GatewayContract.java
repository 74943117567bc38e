package io.tributary.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import io.tributary.cli.WholeModel;
import io.tributary.kernels.KeyValueType;
import io.tributary.proto.gateway.v1.CancelRequest;
import io.tributary.proto.gateway.v1.FinishReason;
import io.tributary.proto.gateway.v1.GatewayServiceGrpc;
import io.tributary.proto.gateway.v1.GenerateRequest;
import io.tributary.proto.gateway.v1.GenerateResponse;
import io.tributary.proto.gateway.v1.ResumeRequest;
import io.tributary.proto.gateway.v1.SamplingParameters;
import io.tributary.proto.gateway.v1.TokenIds;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every gateway does, whatever is behind it. Subclasses say how to reach one and its decoder shards. */
abstract class GatewayContract {
    private static final ShippedModel EXPECTED = ShippedModel.expected();
    private static final Duration FREED_WITHIN = Duration.ofSeconds(1);

    /** A channel to the gateway. */
    abstract ManagedChannel gatewayChannel();

    /** Sessions with state, one number a shard. */
    abstract Collection<Integer> liveSessions();

    private Streams generate(GenerateRequest request) {
        return Streams.read(GatewayServiceGrpc.newBlockingStub(gatewayChannel()), request);
    }

    @Test
    void theGreedyContinuationIsTheReferences() {
        Streams stream = generate(GenerateRequest.newBuilder()
                .setPrompt(EXPECTED.prompt())
                .setMaxTokens(EXPECTED.greedyIds().size())
                .build());

        assertThat(stream.ids()).isEqualTo(EXPECTED.greedyIds());
        assertThat(stream.text()).isEqualTo(EXPECTED.greedyText());
        assertThat(stream.finished().getReason()).isEqualTo(FinishReason.FINISH_REASON_LENGTH);
        assertThat(stream.finished().getPromptTokens())
                .isEqualTo(EXPECTED.promptIds().size());
    }

    @Test
    void everyLogitEqualsThatOfOnePassThroughTheWholeModelToTheBit() {
        Streams stream = generate(withLogits(EXPECTED.promptIds(), 40));

        assertThat(stream.logits()).isEqualTo(onePass(EXPECTED.promptIds(), stream.ids()));
    }

    @Test
    void otherSessionsDoNotChangeABit() throws Exception {
        Streams alone = generate(withLogits(EXPECTED.promptIds(), 24));
        List<Callable<Streams>> six = new ArrayList<>();
        six.add(() -> generate(withLogits(EXPECTED.promptIds(), 24)));
        for (int other = 1; other <= 5; other++) {
            List<Integer> prompt = EXPECTED.greedyIds().subList(0, 7 * other);
            six.add(() -> generate(withLogits(prompt, 24)));
        }

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Streams>> together = threads.invokeAll(six, 60, TimeUnit.SECONDS);
            assertThat(together.getFirst().get().logits()).isEqualTo(alone.logits());
            for (Future<Streams> other : together) {
                assertThat(other.get().tokens()).hasSize(24);
            }
        }
    }

    @Test
    void theSameSeedGivesTheSameTokensAndAnotherOneOthers() {
        assertThat(generate(sampled(7)).ids()).isEqualTo(generate(sampled(7)).ids());
        assertThat(generate(sampled(8)).ids()).isNotEqualTo(generate(sampled(7)).ids());
    }

    @Test
    void generationEndsBeforeAStopText() {
        Streams stream = generate(GenerateRequest.newBuilder()
                .setPrompt(EXPECTED.prompt())
                .setMaxTokens(60)
                .addStop("king")
                .build());

        assertThat(stream.text())
                .isEqualTo(
                        EXPECTED.greedyText().substring(0, EXPECTED.greedyText().indexOf("king")));
        assertThat(stream.finished().getReason()).isEqualTo(FinishReason.FINISH_REASON_STOP_TEXT);
        awaitNoSessions(FREED_WITHIN);
    }

    @Test
    void theMostLikelyAlternativeOfAGreedyTokenIsTheToken() {
        Streams stream = generate(GenerateRequest.newBuilder()
                .setPrompt(EXPECTED.prompt())
                .setMaxTokens(8)
                .setTopLogprobs(3)
                .build());

        assertThat(stream.tokens()).allSatisfy(token -> {
            assertThat(token.getTopLogprobsCount()).isEqualTo(3);
            assertThat(token.getTopLogprobs(0).getId()).isEqualTo(token.getId());
            assertThat(token.getTopLogprobs(0).getLogprob()).isEqualTo(token.getLogprob());
            assertThat(token.getTopLogprobs(0).getPiece().toStringUtf8()).isEqualTo(token.getText());
            assertThat(token.getPiece()).isEqualTo(token.getTopLogprobs(0).getPiece());
        });
    }

    @Test
    void anEmptyPromptStartsANewText() {
        Streams stream = generate(
                GenerateRequest.newBuilder().setPrompt("").setMaxTokens(5).build());

        assertThat(stream.finished().getPromptTokens()).isEqualTo(1);
        assertThat(stream.tokens()).hasSize(5);
    }

    @Test
    void aClientThatGoesAwayFreesItsSessionOnEveryShardWithinASecond() {
        awaitNoSessions(FREED_WITHIN);
        var responses = GatewayServiceGrpc.newBlockingV2Stub(gatewayChannel()).generate(withLogits(List.of(0), 127));
        try {
            for (int message = 0; message < 4; message++) {
                assertThat(responses.read()).isNotNull();
            }
        } catch (InterruptedException | io.grpc.StatusException failure) {
            throw new AssertionError("the stream ended before it was cancelled", failure);
        }

        responses.cancel("the test has seen enough", null);

        awaitNoSessions(FREED_WITHIN);
    }

    @Test
    void aStreamThatBreaksIsGoneOnWithFromAnyPosition() throws Exception {
        GenerateRequest request = sampled(7).toBuilder().setOutlivesStream(true).build();
        Streams whole = generate(request);
        var broken = GatewayServiceGrpc.newBlockingV2Stub(gatewayChannel()).generate(request);
        String id = requireRead(broken).getStarted().getSessionId();
        int position = requireRead(broken).getToken().getPosition();
        broken.cancel("as if the connection broke", null);
        var brokenAgain = GatewayServiceGrpc.newBlockingV2Stub(gatewayChannel())
                .resume(ResumeRequest.newBuilder().setSessionId(id).build());
        requireRead(brokenAgain);
        brokenAgain.cancel("as if the connection broke again", null);

        Streams rest = resume(id, position + 1);

        assertThat(rest.started().getSessionId()).isEqualTo(id);
        assertThat(rest.started().getPromptTokens()).isEqualTo(whole.started().getPromptTokens());
        assertThat(rest.tokens())
                .isEqualTo(whole.tokens().subList(1, whole.tokens().size()));
        assertThat(rest.finished()).isEqualTo(whole.finished());
        assertThat(resume(id, position + 20).tokens())
                .isEqualTo(whole.tokens().subList(20, whole.tokens().size()));
    }

    @Test
    void aStreamOfAStopTextIsTheSameWhenItIsResumed() {
        GenerateRequest request = GenerateRequest.newBuilder()
                .setPrompt(EXPECTED.prompt())
                .setMaxTokens(60)
                .addStop("king")
                .build();
        Streams whole = generate(request);

        Streams again = resume(whole.started().getSessionId(), 0);

        assertThat(again).isEqualTo(whole);
    }

    @Test
    void aSessionThatOutlivesItsStreamIsEndedByCancel() throws Exception {
        awaitNoSessions(FREED_WITHIN);
        GenerateRequest request =
                withLogits(List.of(0), 127).toBuilder().setOutlivesStream(true).build();
        var stream = GatewayServiceGrpc.newBlockingV2Stub(gatewayChannel()).generate(request);
        String id = requireRead(stream).getStarted().getSessionId();
        requireRead(stream);

        var _ = GatewayServiceGrpc.newBlockingStub(gatewayChannel())
                .cancel(CancelRequest.newBuilder().setSessionId(id).build());

        assertThatThrownBy(() -> {
                    while (stream.read() != null) {
                        assertThat(stream).isNotNull();
                    }
                })
                .satisfies(error ->
                        assertThat(Status.fromThrowable(error).getCode()).isEqualTo(Status.Code.CANCELLED));
        awaitNoSessions(FREED_WITHIN);
    }

    @Test
    void whatCannotBeResumedIsSaid() {
        assertThatThrownBy(() -> resume("no-session", 0)).satisfies(error -> {
            assertThat(Status.fromThrowable(error).getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(Status.fromThrowable(error).getDescription()).contains("session_id");
        });
        assertThatThrownBy(() -> resume("0-0-" + "0".repeat(32), 0))
                .satisfies(error ->
                        assertThat(Status.fromThrowable(error).getCode()).isEqualTo(Status.Code.NOT_FOUND));
    }

    private Streams resume(String sessionId, int nextPosition) {
        return Streams.resume(
                GatewayServiceGrpc.newBlockingStub(gatewayChannel()),
                ResumeRequest.newBuilder()
                        .setSessionId(sessionId)
                        .setNextPosition(nextPosition)
                        .build());
    }

    private static GenerateResponse requireRead(BlockingClientCall<?, GenerateResponse> stream) throws Exception {
        return Objects.requireNonNull(stream.read(), "the stream has ended");
    }

    @Test
    void badInputIsNamedAndDisturbsNobody() {
        assertRefused(GenerateRequest.getDefaultInstance(), Status.Code.INVALID_ARGUMENT, "prompt");
        assertRefused(
                GenerateRequest.newBuilder()
                        .setPrompt("x")
                        .setSampling(SamplingParameters.newBuilder().setTopP(2))
                        .build(),
                Status.Code.INVALID_ARGUMENT,
                "sampling.top_p");
        assertRefused(
                GenerateRequest.newBuilder()
                        .setPromptTokens(TokenIds.newBuilder().addIds(2048))
                        .build(),
                Status.Code.INVALID_ARGUMENT,
                "2048");
        assertRefused(
                GenerateRequest.newBuilder().setPrompt("word ".repeat(200)).build(),
                Status.Code.RESOURCE_EXHAUSTED,
                "context");
        assertRefused(
                GenerateRequest.newBuilder().setPrompt("x").setMaxTokens(128).build(),
                Status.Code.RESOURCE_EXHAUSTED,
                "max_tokens is 128");

        assertStillServes();
    }

    @Test
    void aRequestThatIsNotUtf8IsNamedAndDisturbsNobody() {
        byte[] prompt = {'a', (byte) 0xC3, '('};
        byte[] request = {(1 << 3) | 2, (byte) prompt.length, prompt[0], prompt[1], prompt[2]};
        MethodDescriptor<byte[], byte[]> method = GatewayServiceGrpc.getGenerateMethod().toBuilder(
                        Bytes.MARSHALLER, Bytes.MARSHALLER)
                .build();

        assertThatThrownBy(() -> ClientCalls.blockingServerStreamingCall(
                                gatewayChannel(),
                                method,
                                CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS),
                                request)
                        .next())
                .satisfies(error -> {
                    assertThat(Status.fromThrowable(error).getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
                    assertThat(Status.fromThrowable(error).getDescription()).contains("UTF-8");
                });

        assertStillServes();
    }

    private void assertStillServes() {
        Streams stream = generate(GenerateRequest.newBuilder()
                .setPrompt(EXPECTED.prompt())
                .setMaxTokens(10)
                .build());

        assertThat(stream.ids()).isEqualTo(EXPECTED.greedyIds().subList(0, 10));
    }

    private void assertRefused(GenerateRequest request, Status.Code code, String named) {
        assertThatThrownBy(() -> generate(request)).satisfies(error -> {
            Status status = Status.fromThrowable(error);
            assertThat(status.getCode()).as(status.getDescription()).isEqualTo(code);
            assertThat(status.getDescription()).contains(named);
        });
    }

    private void awaitNoSessions(Duration within) {
        long deadline = System.nanoTime() + within.toNanos();
        Collection<Integer> live = liveSessions();
        while (live.stream().anyMatch(count -> count > 0) && System.nanoTime() < deadline) {
            Thread.onSpinWait();
            live = liveSessions();
        }
        assertThat(live).as("sessions with state, one number a shard").containsOnly(0);
    }

    private static GenerateRequest withLogits(List<Integer> prompt, int maximalTokens) {
        return GenerateRequest.newBuilder()
                .setPromptTokens(TokenIds.newBuilder().addAllIds(prompt))
                .setMaxTokens(maximalTokens)
                .setIncludeLogits(true)
                .build();
    }

    private static GenerateRequest sampled(long seed) {
        return GenerateRequest.newBuilder()
                .setPrompt(EXPECTED.prompt())
                .setMaxTokens(30)
                .setSampling(SamplingParameters.newBuilder()
                        .setTemperature(0.9f)
                        .setTopK(40)
                        .setTopP(0.95f)
                        .setRepetitionPenalty(1.1f)
                        .setSeed(seed))
                .build();
    }

    private static List<ByteString> onePass(List<Integer> prompt, List<Integer> generated) {
        List<Integer> all = new ArrayList<>(prompt);
        all.addAll(generated);
        int[] ids = all.stream().mapToInt(Integer::intValue).toArray();
        return WholeModel.logitRows(ShippedModel.PATH, KeyValueType.F16, ids)
                .subList(prompt.size() - 1, all.size() - 1);
    }

    /** Messages as they are on the wire, so that a test can send what no generated class would. */
    private enum Bytes implements MethodDescriptor.Marshaller<byte[]> {
        MARSHALLER;

        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }
}
