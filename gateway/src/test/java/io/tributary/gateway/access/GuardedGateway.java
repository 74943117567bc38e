package io.tributary.gateway.access;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A gateway that asks for a key or for a token of a provider on loopback. Its mesh is never asked for anything. */
public final class GuardedGateway implements QuarkusTestResourceLifecycleManager {
    static final String AUDIENCE = "tributary";
    static final String KEY = "tributary_team-a";
    static final String KEY_FOR_ONE_CALL = "tributary_one-call";
    static final String KEY_FOR_ONE_REQUEST = "tributary_one-request";

    private final KeyPair keys = rsaKeys();
    private @Nullable OidcProviderStandIn provider;

    @Override
    public Map<String, String> start() {
        try {
            OidcProviderStandIn started = new OidcProviderStandIn(keys);
            provider = started;
            Map<String, String> properties = new HashMap<>(alone());
            properties.put("quarkus.oidc.tenant-enabled", "true");
            properties.put("quarkus.oidc.auth-server-url", started.url());
            properties.put("quarkus.oidc.token.audience", AUDIENCE);
            properties.putAll(key("team-a", KEY));
            properties.putAll(key("call", KEY_FOR_ONE_CALL));
            properties.put("tributary.gateway.api-keys.call.limits.requests-per-minute", "1");
            properties.putAll(key("request", KEY_FOR_ONE_REQUEST));
            properties.put("tributary.gateway.api-keys.request.limits.requests-per-minute", "1");
            return properties;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Map<String, String> key(String name, String secret) {
        return Map.of(
                "tributary.gateway.api-keys.%s.sha256".formatted(name),
                ApiKeyHash.of(secret).toString());
    }

    /** A gateway on free ports, without a mesh. */
    static Map<String, String> alone() throws IOException {
        return Map.of(
                "quarkus.grpc.server.test-port",
                String.valueOf(unusedPort()),
                "quarkus.http.test-port",
                "0",
                "tributary.log.transport",
                "in-process",
                "tributary.model.load-at-start",
                "false");
    }

    private static int unusedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    static KeyPair rsaKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException(missing);
        }
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(keys.getPrivate(), new TestInjector.MatchesType(PrivateKey.class));
    }

    @Override
    public void stop() {
        if (provider != null) {
            provider.close();
        }
    }
}
