package io.tributary.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContextBuilder;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.tributary.proto.decoder.v1.DecoderService;
import io.tributary.proto.decoder.v1.DescribeShardRequest;
import io.tributary.proto.gateway.v1.CancelRequest;
import io.tributary.proto.gateway.v1.GatewayServiceGrpc;
import io.tributary.proto.tokenizer.v1.EncodeRequest;
import io.tributary.proto.tokenizer.v1.TokenizerService;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** Certificates between services, as server and as client. */
@QuarkusTest
@WithTestResource(EncryptedMesh.class)
class MutualTlsTest {
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    @ConfigProperty(name = "quarkus.grpc.server.test-port")
    int port;

    @GrpcClient("decoder")
    DecoderService decoder;

    @GrpcClient("tokenizer")
    TokenizerService tokenizer;

    /** Where the certificates are. */
    @SuppressWarnings("NullAway.Init")
    Path directory;

    /** A client that trusts the gateway's mesh, and shows a certificate if it is given a mesh. */
    private NettyChannelBuilder encrypted(String trusted, String... shown) throws SSLException {
        MeshCertificates certificates = new MeshCertificates(directory);
        SslContextBuilder context = GrpcSslContexts.forClient()
                .trustManager(certificates.trustedByClients(trusted).toFile());
        for (String mesh : shown) {
            context.keyManager(
                    certificates.clientCertificate(mesh).toFile(),
                    certificates.clientKey(mesh).toFile());
        }
        return NettyChannelBuilder.forAddress("127.0.0.1", port).sslContext(context.build());
    }

    /** What becomes of a call that the method itself answers with INVALID_ARGUMENT. */
    private static Status.Code codeOf(NettyChannelBuilder client) {
        ManagedChannel channel = client.build();
        try {
            return catchThrowableOfType(
                            StatusRuntimeException.class,
                            () -> GatewayServiceGrpc.newBlockingStub(channel)
                                    .withDeadlineAfter(DEADLINE.toSeconds(), TimeUnit.SECONDS)
                                    .cancel(CancelRequest.newBuilder()
                                            .setSessionId("none")
                                            .build()))
                    .getStatus()
                    .getCode();
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void aClientWithACertificateOfTheMeshIsServed() throws Exception {
        assertThat(codeOf(encrypted("own", "own"))).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    @Test
    void aClientWithoutACertificateIsRefused() throws Exception {
        assertThat(codeOf(encrypted("own"))).isEqualTo(Status.Code.UNAVAILABLE);
    }

    @Test
    void aClientOfAnotherMeshIsRefused() throws Exception {
        assertThat(codeOf(encrypted("own", "other"))).isEqualTo(Status.Code.UNAVAILABLE);
    }

    @Test
    void aClientThatDoesNotTrustTheMeshCallsNobody() throws Exception {
        assertThat(codeOf(encrypted("other", "own"))).isEqualTo(Status.Code.UNAVAILABLE);
    }

    @Test
    void plaintextIsRefused() {
        assertThat(codeOf(NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext()))
                .isEqualTo(Status.Code.UNAVAILABLE);
    }

    @Test
    void theGatewayShowsItsCertificateToTheServicesThatItCalls() {
        assertThat(decoder.describeShard(DescribeShardRequest.getDefaultInstance())
                        .await()
                        .atMost(DEADLINE)
                        .getModel()
                        .getName())
                .isEqualTo(EncryptedMesh.MODEL);
    }

    @Test
    void aServiceThatTheGatewayDoesNotTrustIsNotCalled() {
        var answer = tokenizer.encode(EncodeRequest.getDefaultInstance());

        assertThatThrownBy(() -> answer.await().atMost(DEADLINE))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        refusal -> assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
    }
}
