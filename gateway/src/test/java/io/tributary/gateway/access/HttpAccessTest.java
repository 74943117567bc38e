package io.tributary.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.PrivateKey;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may call over HTTP. */
@QuarkusTest
@WithTestResource(GuardedGateway.class)
class HttpAccessTest {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    @TestHTTPResource
    @SuppressWarnings("NullAway.Init")
    URI gateway;

    @Inject
    @ConfigProperty(name = "quarkus.oidc.auth-server-url", defaultValue = "none")
    String issuer;

    /** Of the provider. */
    @SuppressWarnings("NullAway.Init")
    PrivateKey providerKey;

    private HttpResponse<String> get(String path, @Nullable String authorization)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(root() + path)).timeout(DEADLINE);
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    private String root() {
        return "http://127.0.0.1:" + gateway.getPort();
    }

    private static JsonObject error(HttpResponse<String> response) {
        JsonObject error = new JsonObject(response.body()).getJsonObject("error");
        assertThat(error.fieldNames()).containsExactlyInAnyOrder("message", "type", "param", "code");
        return error;
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/index.html", "/chat/chat.js"})
    void thePageOpensWithoutAKey(String path) throws Exception {
        assertThat(get(path, null).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/caller", "/v1/blocking"})
    void aKnownKeyIsLetInAndTheHandlerKnowsWhoseItIs(String path) throws Exception {
        HttpResponse<String> response = get(path, "Bearer " + GuardedGateway.KEY);

        assertThat(response.body()).isEqualTo("key:team-a");
        assertThat(response.statusCode()).isEqualTo(200);
    }

    @Test
    void aTokenOfTheProviderIsLetIn() throws Exception {
        assertThat(get("/v1/caller", "Bearer " + Tokens.valid(issuer, providerKey))
                        .body())
                .isEqualTo("oidc:alice");
    }

    @ParameterizedTest
    @EnumSource(Tokens.Flaw.class)
    void aTokenWithAFlawIsUnauthorized(Tokens.Flaw flaw) throws Exception {
        HttpResponse<String> response = get("/v1/caller", "Bearer " + flaw.token(issuer, providerKey));

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(error(response).getString("message")).startsWith("the bearer token is not valid here");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/caller",
                "/v1/no-such-thing",
                "/chat",
                "/q/metrics",
                "/q/metrics/",
                "/q/health/../metrics",
                "/q/healthy",
                "/q/openapi"
            })
    void withoutAKeyNothingButHealthAndThePageIsTold(String path) throws Exception {
        HttpResponse<String> response = get(path, null);

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.headers().firstValue("WWW-Authenticate")).contains("Bearer");
        JsonObject error = error(response);
        assertThat(error.getString("message"))
                .isEqualTo("a key is needed: send the header \"authorization: Bearer KEY\"");
        assertThat(error.getString("code")).isEqualTo("invalid_api_key");
        assertThat(error.getString("type")).isEqualTo("invalid_request_error");
        assertThat(error.getValue("param")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Bearer", "Bearer tributary_unknown", "Bearer not-a-jwt", "Bearer a.b.c", "Basic dGVhbS1hOg=="})
    void anythingElseThanAKnownKeyIsUnauthorized(String authorization) throws Exception {
        assertThat(get("/v1/caller", authorization).statusCode()).isEqualTo(401);
    }

    @Test
    void healthIsForEverybody() throws Exception {
        assertThat(get("/q/health/live", null).statusCode()).isEqualTo(200);
    }

    @Test
    void metricsAreForWhoeverHasAKey() throws Exception {
        HttpResponse<String> response = get("/q/metrics", "Bearer " + GuardedGateway.KEY);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).contains("tributary_gateway_sessions");
    }

    @Test
    void requestsAboveAKeysRateAreToldWhenToComeBack() throws Exception {
        String authorization = "Bearer " + GuardedGateway.KEY_FOR_ONE_REQUEST;
        assertThat(get("/v1/caller", authorization).body()).isEqualTo("key:request");

        HttpResponse<String> response = get("/v1/caller", authorization);

        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(response.headers().firstValueAsLong("Retry-After").orElseThrow())
                .isBetween(1L, 60L);
        assertThat(error(response).getString("code")).isEqualTo("rate_limit_exceeded");
    }

    @Test
    void aBodyLargerThanTheLimitIsRefusedUnread() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(root() + "/v1/caller"))
                .timeout(DEADLINE)
                .header("Authorization", "Bearer " + GuardedGateway.KEY)
                .expectContinue(true)
                .POST(BodyPublishers.ofByteArray(new byte[(8 << 20) + 1]))
                .build();

        assertThat(CLIENT.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(413);
    }

    @Test
    void aConnectionIsUsedAgainBehindARefusalThatLeftABodyUnread() throws Exception {
        byte[] body = new byte[1 << 20];
        for (int round = 0; round < 3; round++) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(root() + "/v1/caller"))
                    .timeout(DEADLINE)
                    .POST(BodyPublishers.ofByteArray(body))
                    .build();

            assertThat(CLIENT.send(request, BodyHandlers.ofString()).statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void aHeaderLargerThanTheLimitIsRefused() throws Exception {
        assertThat(get("/v1/caller", "Bearer " + "x".repeat(20_000)).statusCode())
                .isEqualTo(431);
    }
}
