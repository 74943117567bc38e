package io.tributary.gateway.access;

import io.tributary.edge.RemoteAccess;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;

/** A gateway may be reached from elsewhere if it asks its callers who they are, or was told not to. */
@ApplicationScoped
public class GatewayRemoteAccess implements RemoteAccess {
    private final Authentication authentication;
    private final AccessConfiguration configuration;

    @Inject
    GatewayRemoteAccess(Authentication authentication, AccessConfiguration configuration) {
        this.authentication = authentication;
        this.configuration = configuration;
    }

    @Override
    public List<String> guardedHosts() {
        return List.of("quarkus.grpc.server.host", "quarkus.http.host");
    }

    @Override
    public Optional<String> missing() {
        if (authentication.required() || configuration.allowAnonymousRemote()) {
            return Optional.empty();
        }
        return Optional.of(
                "this gateway knows no API key and no OIDC provider. Add a key (`tributary key new --name NAME`"
                        + " prints the line), configure quarkus.oidc.*, listen on 127.0.0.1, or let everybody in with"
                        + " tributary.gateway.allow-anonymous-remote=true");
    }
}
