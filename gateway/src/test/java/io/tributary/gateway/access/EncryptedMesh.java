package io.tributary.gateway.access;

import io.grpc.Server;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.tributary.proto.decoder.v1.DecoderServiceGrpc.DecoderServiceImplBase;
import io.tributary.proto.decoder.v1.DescribeShardRequest;
import io.tributary.proto.decoder.v1.DescribeShardResponse;
import io.tributary.proto.decoder.v1.ModelDescription;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A gateway that asks its callers for a certificate of its mesh, and a decoder that asks the gateway for one. The gateway's
 * client of the tokenizer has that of another mesh.
 */
public final class EncryptedMesh implements QuarkusTestResourceLifecycleManager {
    static final String MODEL = "behind-tls";

    private @Nullable Path directory;
    private @Nullable Server decoder;

    @Override
    public Map<String, String> start() {
        try {
            Path made = Files.createTempDirectory("tributary-certificates");
            directory = made;
            MeshCertificates certificates = MeshCertificates.in(made);
            Server started = decoder(certificates).start();
            decoder = started;
            Map<String, String> properties = new HashMap<>(GuardedGateway.alone());
            properties.putAll(server(certificates));
            properties.putAll(client("decoder", "own", certificates, started.getPort()));
            properties.putAll(client("tokenizer", "other", certificates, started.getPort()));
            return properties;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** As docs/security.md shows it. */
    private static Map<String, String> server(MeshCertificates certificates) {
        String prefix = "quarkus.grpc.server.ssl.";
        return Map.of(
                prefix + "certificate",
                certificates.serverCertificate("own").toString(),
                prefix + "key",
                certificates.serverKey("own").toString(),
                prefix + "trust-store",
                certificates.trustStoreOfServers("own").toString(),
                prefix + "trust-store-type",
                "pkcs12",
                prefix + "trust-store-password",
                MeshCertificates.PASSWORD,
                prefix + "client-auth",
                "required");
    }

    /** As docs/security.md shows it. */
    private static Map<String, String> client(String name, String mesh, MeshCertificates certificates, int port) {
        String prefix = "quarkus.grpc.clients." + name + ".";
        return Map.of(
                prefix + "test-port", String.valueOf(port),
                prefix + "ssl.trust-store", certificates.trustedByClients(mesh).toString(),
                prefix + "ssl.certificate", certificates.clientCertificate(mesh).toString(),
                prefix + "ssl.key", certificates.clientKey(mesh).toString());
    }

    private static Server decoder(MeshCertificates certificates) throws IOException {
        SslContext context = GrpcSslContexts.forServer(
                        certificates.serverCertificate("own").toFile(),
                        certificates.serverKey("own").toFile())
                .trustManager(certificates.trustedByServers("own").toFile())
                .clientAuth(ClientAuth.REQUIRE)
                .build();
        return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sslContext(context)
                .addService(new Decoder())
                .build();
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(directory, new TestInjector.MatchesType(Path.class));
    }

    @Override
    public void stop() {
        if (decoder != null) {
            decoder.shutdownNow();
        }
    }

    private static final class Decoder extends DecoderServiceImplBase {
        @Override
        public void describeShard(DescribeShardRequest request, StreamObserver<DescribeShardResponse> responses) {
            responses.onNext(DescribeShardResponse.newBuilder()
                    .setModel(ModelDescription.newBuilder().setName(MODEL))
                    .build());
            responses.onCompleted();
        }
    }
}
