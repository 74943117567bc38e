package io.tributary.gateway.access;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds out who calls: by an API key, or by a token of an OIDC provider. */
@Singleton
public class Authentication {
    private static final String SCHEME = "Bearer ";

    private final ApiKeys keys;
    private final OidcTokens tokens;

    @Inject
    Authentication(ApiKeys keys, OidcTokens tokens) {
        this.keys = keys;
        this.tokens = tokens;
    }

    /** Whether callers have to show who they are. */
    boolean required() {
        return !keys.isEmpty() || tokens.enabled();
    }

    /**
     * The caller; fails as UNAUTHENTICATED if one has to be known and is not.
     *
     * @param authorization value of the header {@code authorization}, null if there is none
     */
    Uni<Caller> callerOf(@Nullable String authorization) {
        if (!required()) {
            return Uni.createFrom().item(Caller.ANONYMOUS);
        }
        String token = tokenIn(authorization);
        if (token.isEmpty()) {
            return Uni.createFrom()
                    .failure(() ->
                            Refusals.unauthenticated("a key is needed: send the header \"authorization: Bearer KEY\""));
        }
        Optional<Caller> owner = keys.ownerOf(token);
        if (owner.isPresent()) {
            return Uni.createFrom().item(owner.get());
        }
        if (!tokens.enabled() || token.startsWith(NewApiKey.PREFIX)) {
            return Uni.createFrom().failure(() -> Refusals.unauthenticated("this gateway does not know the key"));
        }
        return tokens.ownerOf(token);
    }

    private static String tokenIn(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return "";
        }
        return authorization.substring(SCHEME.length()).strip();
    }
}
