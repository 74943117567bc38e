package io.tributary.gateway.access;

import io.smallrye.jwt.build.Jwt;
import io.smallrye.jwt.build.JwtClaimsBuilder;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** Tokens as an OIDC provider would give them, and others. */
final class Tokens {
    private Tokens() {}

    static String valid(String issuer, PrivateKey key) {
        return sign(claims(issuer), key);
    }

    private static JwtClaimsBuilder claims(String issuer) {
        return Jwt.issuer(issuer)
                .subject("alice")
                .preferredUserName("a name that alice may change")
                .audience(GuardedGateway.AUDIENCE)
                .expiresAt(Instant.now().plusSeconds(300));
    }

    private static String sign(JwtClaimsBuilder claims, PrivateKey key) {
        return claims.jws().keyId(OidcProviderStandIn.KEY_ID).sign(key);
    }

    /** What can be wrong with a token. */
    enum Flaw {
        EXPIRED {
            @Override
            String token(String issuer, PrivateKey key) {
                return sign(claims(issuer).expiresAt(Instant.now().minusSeconds(300)), key);
            }
        },
        OF_ANOTHER_KEY {
            @Override
            String token(String issuer, PrivateKey key) {
                return valid(issuer, GuardedGateway.rsaKeys().getPrivate());
            }
        },
        OF_ANOTHER_ISSUER {
            @Override
            String token(String issuer, PrivateKey key) {
                return sign(claims("https://issuer.example"), key);
            }
        },
        FOR_ANOTHER_AUDIENCE {
            @Override
            String token(String issuer, PrivateKey key) {
                return sign(claims(issuer).audience("another"), key);
            }
        },
        NOT_SIGNED {
            @Override
            String token(String issuer, PrivateKey key) {
                List<String> parts = parts(valid(issuer, key));
                String header = "{\"alg\":\"none\",\"kid\":\"%s\"}".formatted(OidcProviderStandIn.KEY_ID);
                return base64(header) + "." + parts.get(1) + ".";
            }
        },
        CHANGED {
            @Override
            String token(String issuer, PrivateKey key) {
                List<String> parts = parts(valid(issuer, key));
                String claims = new String(Base64.getUrlDecoder().decode(parts.get(1)), StandardCharsets.UTF_8);
                return parts.get(0) + "." + base64(claims.replace("alice", "mallory")) + "." + parts.get(2);
            }
        };

        /** Header, claims and signature. */
        private static List<String> parts(String token) {
            return Arrays.asList(token.split("\\.", -1));
        }

        abstract String token(String issuer, PrivateKey key);

        private static String base64(String text) {
            return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
