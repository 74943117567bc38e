package io.tributary.edge;

import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * A service behind the gateway does what every caller says, so only a certificate of the mesh tells friend from foe. Over HTTP
 * it gives no more than health and metrics.
 */
@DefaultBean
@ApplicationScoped
public class InnerServiceAccess implements RemoteAccess {
    private final EdgeConfiguration configuration;
    private final String clientAuth;
    private final Optional<String> certificate;
    private final Optional<String> keyStore;

    @Inject
    InnerServiceAccess(
            EdgeConfiguration configuration,
            @ConfigProperty(name = "quarkus.grpc.server.ssl.client-auth", defaultValue = "none") String clientAuth,
            @ConfigProperty(name = "quarkus.grpc.server.ssl.certificate") Optional<String> certificate,
            @ConfigProperty(name = "quarkus.grpc.server.ssl.key-store") Optional<String> keyStore) {
        this.configuration = configuration;
        this.clientAuth = clientAuth;
        this.certificate = certificate;
        this.keyStore = keyStore;
    }

    @Override
    public List<String> guardedHosts() {
        return List.of("quarkus.grpc.server.host");
    }

    @Override
    public Optional<String> missing() {
        boolean encrypted = certificate.isPresent() || keyStore.isPresent();
        if ((encrypted && clientAuth.equalsIgnoreCase("required")) || configuration.allowPlaintextRemote()) {
            return Optional.empty();
        }
        return Optional.of("this service asks nobody for a certificate. Set quarkus.grpc.server.ssl.* with"
                + " client-auth=required (docs/security.md), listen on 127.0.0.1, or, where a network policy keeps strangers"
                + " out, set tributary.edge.allow-plaintext-remote=true");
    }
}
