package io.tributary.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.tributary.proto.decoder.v1.DecoderServiceGrpc;
import io.tributary.proto.decoder.v1.DescribeShardRequest;
import io.tributary.proto.gateway.v1.FinishReason;
import io.tributary.proto.gateway.v1.GatewayServiceGrpc;
import io.tributary.proto.gateway.v1.GenerateRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The mesh in one JVM, whose gateway asks for keys and holds them to limits. */
@QuarkusTest
@TestProfile(GuardedMeshTest.Guarded.class)
class GuardedMeshTest {
    private static final int PORT = 19107;
    private static final ManagedChannel CHANNEL =
            ManagedChannelBuilder.forAddress("127.0.0.1", PORT).usePlaintext().build();
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    /** Keys are their own names. */
    public static class Guarded implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> properties = new HashMap<>();
            for (String name : List.of("minute", "small", "free")) {
                properties.put("tributary.gateway.api-keys.%s.sha256".formatted(name), sha256(name));
            }
            properties.put("tributary.gateway.api-keys.minute.limits.tokens-per-minute", "10");
            properties.put("tributary.gateway.api-keys.small.limits.output-tokens", "4");
            properties.put("tributary.gateway.api-keys.small.limits.prompt-tokens", "16");
            return properties;
        }

        private static String sha256(String key) {
            try {
                byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
                return HexFormat.of().formatHex(hash);
            } catch (NoSuchAlgorithmException missing) {
                throw new IllegalStateException(missing);
            }
        }
    }

    @AfterAll
    static void close() {
        CHANNEL.shutdownNow();
    }

    private static Channel as(String key) {
        Metadata metadata = new Metadata();
        metadata.put(AUTHORIZATION, "Bearer " + key);
        return ClientInterceptors.intercept(CHANNEL, MetadataUtils.newAttachHeadersInterceptor(metadata));
    }

    private static Streams generate(String key, GenerateRequest.Builder request) {
        return Streams.read(GatewayServiceGrpc.newBlockingStub(as(key)), request.build());
    }

    private static GenerateRequest.Builder request(int maximalTokens) {
        return GenerateRequest.newBuilder().setPrompt("In the beginning").setMaxTokens(maximalTokens);
    }

    private static Status refusalOf(String key, GenerateRequest.Builder request) {
        StatusRuntimeException refusal =
                catchThrowableOfType(StatusRuntimeException.class, () -> generate(key, request));
        assertThat(refusal).as("a refusal").isNotNull();
        return refusal.getStatus();
    }

    @Test
    void tokensThatWereStreamedAreMissingFromTheMinute() {
        // Far into debt, so that a slow machine does not pay it off meanwhile.
        assertThat(generate("minute", request(100).setPrompt("In")).tokens()).hasSize(100);

        Status refusal = refusalOf("minute", request(1).setPrompt("In"));

        assertThat(refusal.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(refusal.getDescription()).startsWith("10 tokens a minute are allowed; try again in ");
        assertThat(generate("free", request(4).setPrompt("In")).tokens())
                .as("of another key")
                .hasSize(4);
    }

    @Test
    void aRequestThatDoesNotSayHowLongIsAsLongAsAllowed() {
        Streams stream = generate("small", GenerateRequest.newBuilder().setPrompt("In the beginning"));

        assertThat(stream.tokens()).hasSize(4);
        assertThat(stream.finished().getReason()).isEqualTo(FinishReason.FINISH_REASON_LENGTH);
    }

    @Test
    void aRequestThatAsksForMoreThanAllowedIsRefused() {
        assertThat(refusalOf("small", request(5)).getDescription()).isEqualTo("max_tokens is 5; 4 are allowed");
        assertThat(refusalOf("small", request(1).setPrompt("and ".repeat(40))).getDescription())
                .matches("the prompt has \\d+ tokens; 16 are allowed");
    }

    @Test
    void theServicesBehindTheGatewayAreGuardedLikeIt() {
        StatusRuntimeException refusal = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> DecoderServiceGrpc.newBlockingStub(CHANNEL)
                        .describeShard(DescribeShardRequest.getDefaultInstance()));

        assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    }

    @Test
    void reflectionIsForWhoeverHasAKey() {
        assertThatThrownBy(() -> Reflection.services(CHANNEL))
                .hasRootCauseInstanceOf(StatusRuntimeException.class)
                .hasRootCauseMessage("UNAUTHENTICATED: a key is needed: send the header \"authorization: Bearer KEY\"");
        assertThat(Reflection.services(as("free"))).contains(GatewayServiceGrpc.SERVICE_NAME);
    }
}
