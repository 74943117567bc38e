package io.tributary.gateway.access;

import io.quarkus.oidc.AccessTokenCredential;
import io.quarkus.oidc.TenantIdentityProvider;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import io.tributary.edge.GrpcErrors;
import io.tributary.gateway.access.Caller.Origin;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.security.Principal;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jboss.logging.Logger;

/** Bearer tokens of the OIDC provider that {@code quarkus.oidc.*} describes. */
@Singleton
public class OidcTokens {
    private static final Logger LOG = Logger.getLogger(OidcTokens.class);

    /** A provider is asked for its keys at first, and when it has new ones. */
    private static final Duration LONGEST_CHECK = Duration.ofSeconds(10);

    private final TenantIdentityProvider provider;
    private final boolean enabled;

    @Inject
    OidcTokens(TenantIdentityProvider provider, @ConfigProperty(name = "quarkus.oidc.tenant-enabled") boolean enabled) {
        this.provider = provider;
        this.enabled = enabled;
    }

    boolean enabled() {
        return enabled;
    }

    /** Whose token it is; fails as UNAUTHENTICATED if it is not valid, as UNAVAILABLE if nobody can tell. */
    Uni<Caller> ownerOf(String token) {
        return Uni.createFrom()
                .deferred(() -> provider.authenticate(new AccessTokenCredential(token)))
                .ifNoItem()
                .after(LONGEST_CHECK)
                .fail()
                .map(OidcTokens::caller)
                .onFailure()
                .transform(OidcTokens::refusal);
    }

    private static Caller caller(SecurityIdentity identity) {
        Principal principal = identity.getPrincipal();
        String subject = principal instanceof JsonWebToken token ? token.getSubject() : null;
        return new Caller(Origin.OIDC, subject == null ? principal.getName() : subject);
    }

    private static Throwable refusal(Throwable failure) {
        return switch (failure) {
            case AuthenticationFailedException _ ->
                Refusals.unauthenticated(
                        "the bearer token is not valid here: expired, or not of this gateway's issuer");
            case TimeoutException _ -> GrpcErrors.unavailable("the identity provider did not answer in time");
            default -> {
                LOG.warnf("a bearer token could not be checked: %s", failure.getMessage());
                yield GrpcErrors.unavailable("the bearer token cannot be checked at present");
            }
        };
    }
}
