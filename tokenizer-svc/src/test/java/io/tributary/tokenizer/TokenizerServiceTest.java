package io.tributary.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse.ServingStatus;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.tributary.proto.tokenizer.v1.ApplyChatTemplateRequest;
import io.tributary.proto.tokenizer.v1.ChatMessage;
import io.tributary.proto.tokenizer.v1.DecodeRequest;
import io.tributary.proto.tokenizer.v1.DescribeTokenizerRequest;
import io.tributary.proto.tokenizer.v1.DescribeTokenizerResponse;
import io.tributary.proto.tokenizer.v1.EncodeRequest;
import io.tributary.proto.tokenizer.v1.TokenizerServiceGrpc;
import io.tributary.proto.tokenizer.v1.TokenizerServiceGrpc.TokenizerServiceBlockingStub;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@SuppressWarnings("NullAway.Init")
class TokenizerServiceTest {
    private static final long DEADLINE_SECONDS = 20;
    private static final int MESSAGE_BYTES = 16 << 20;

    @ConfigProperty(name = "quarkus.grpc.server.test-port")
    int port;

    @TestHTTPResource("/q/health/ready")
    URI readiness;

    private ManagedChannel channel;

    @BeforeEach
    void connect() {
        channel = ManagedChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .maxInboundMessageSize(MESSAGE_BYTES)
                .build();
    }

    @AfterEach
    void disconnect() {
        channel.shutdownNow();
    }

    @Test
    void textBecomesIdsAndIdsBecomeText() {
        assertThat(encode("In the beginning", true)).containsExactly(0, 1147, 259, 1799, 1258);
        assertThat(encode("In the beginning", false)).containsExactly(1147, 259, 1799, 1258);
        assertThat(encode("<eos>", true)).startsWith(0).containsOnlyOnce(0).hasSizeGreaterThan(1);
        assertThat(decode(true, 0, 1147, 259, 1799, 1258)).isEqualTo("In the beginning");
        assertThat(decode(false, 0, 1147)).isEqualTo("<eos>In");
    }

    @Test
    void aTextLongerThanADefaultMessageIsEncoded() {
        int repetitions = 250_000;
        int ids = encode(" In the beginning".repeat(repetitions), false).size();
        assertThat(ids).isEqualTo(5 * repetitions);
    }

    @Test
    void aTextOverTheLimitIsRefusedWithTheLimit() {
        assertRefused(() -> encode("1".repeat(5_000_001), false), Status.Code.RESOURCE_EXHAUSTED, "at most 5000000");
    }

    @Test
    void anIdOutsideTheVocabularyIsNamed() {
        assertRefused(() -> decode(true, 5, 2048), Status.Code.INVALID_ARGUMENT, "ids: the id 2048 is no token");
        assertRefused(() -> decode(true, -1), Status.Code.INVALID_ARGUMENT, "the id 4294967295 is no token");
    }

    @Test
    void tooManyIdsAreRefusedWithTheLimit() {
        int[] ids = new int[20_001];
        assertRefused(() -> decode(true, ids), Status.Code.RESOURCE_EXHAUSTED, "has 20001 ids; at most 20000");
    }

    @Test
    void theTokenizerDescribesItself() {
        assertThat(stub().describeTokenizer(DescribeTokenizerRequest.getDefaultInstance()))
                .isEqualTo(DescribeTokenizerResponse.newBuilder()
                        .setVocabularySize(2048)
                        .setBeginningOfTextId(0)
                        .setAddsBeginningOfText(true)
                        .addSpecialIds(0)
                        .build());
    }

    @Test
    void aModelWithoutAChatTemplateSaysSo() {
        ApplyChatTemplateRequest request = ApplyChatTemplateRequest.newBuilder()
                .addMessages(ChatMessage.newBuilder().setRole("user").setContent("In the beginning"))
                .build();
        assertRefused(
                () -> stub().applyChatTemplate(request),
                Status.Code.FAILED_PRECONDITION,
                "the model has no chat template and is of no known family");
    }

    @Test
    void healthAndReadinessAreServed() throws IOException, InterruptedException {
        assertThat(HealthGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
                        .check(HealthCheckRequest.getDefaultInstance())
                        .getStatus())
                .isEqualTo(ServingStatus.SERVING);
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response =
                    client.send(HttpRequest.newBuilder(readiness).build(), BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).contains("\"tokenizer\"").contains("\"loaded\": true");
        }
    }

    private List<Integer> encode(String text, boolean addSpecialTokens) {
        EncodeRequest request = EncodeRequest.newBuilder()
                .setText(text)
                .setAddSpecialTokens(addSpecialTokens)
                .build();
        return stub().encode(request).getIdsList();
    }

    private String decode(boolean skipSpecialTokens, int... ids) {
        DecodeRequest.Builder request = DecodeRequest.newBuilder().setSkipSpecialTokens(skipSpecialTokens);
        for (int id : ids) {
            request.addIds(id);
        }
        return stub().decode(request.build()).getText();
    }

    private TokenizerServiceBlockingStub stub() {
        return TokenizerServiceGrpc.newBlockingStub(channel).withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    private static void assertRefused(ThrowingCallable call, Status.Code code, String message) {
        assertThatThrownBy(call).satisfies(error -> {
            Status status = Status.fromThrowable(error);
            assertThat(status.getCode()).isEqualTo(code);
            assertThat(status.getDescription()).contains(message);
        });
    }
}
