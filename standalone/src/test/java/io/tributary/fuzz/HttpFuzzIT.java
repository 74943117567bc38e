package io.tributary.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No body makes the HTTP endpoints fail, leak or grow, and the next good request works. */
class HttpFuzzIT {
    private static final long SEED = 20_263;
    private static final int ROUNDS = 150;
    private static final int SERVER_ERROR = 500;
    private static final int TOO_LARGE = 413;
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final int TEN_MEGABYTES = 10 << 20;
    private static final long ALLOWED_GROWTH = 48L << 20;

    private static final ServedChatModel SERVED = ServedChatModel.start();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    /** A good request for each endpoint that takes a body. */
    private static final Map<String, String> GOOD = Map.of(
            "/v1/chat/completions",
            """
            {"model":"kjv-chat","messages":[{"role":"system","content":"be brief"},{"role":"user","content":"In the beginning"}],
             "max_tokens":3,"temperature":0.5,"top_p":0.9,"n":1,"stop":["x"],"seed":1,"logprobs":true,"top_logprobs":2,
             "logit_bias":{"5":1},"presence_penalty":0.1,"frequency_penalty":0.1,"response_format":{"type":"text"},
             "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{}}}}],
             "tool_choice":"auto","stream":false,"user":"u"}""",
            "/v1/completions",
            """
            {"model":"kjv-chat","prompt":"In the beginning","max_tokens":3,"temperature":0,"logprobs":1,"echo":false,"n":1,
             "stop":"x","seed":1,"stream":true,"stream_options":{"include_usage":true}}""",
            "/v1/embeddings",
            """
            {"model":"kjv-chat","input":["In the beginning","a"],"encoding_format":"float"}""",
            "/tokenize",
            """
            {"model":"kjv-chat","prompt":"In the beginning","add_special_tokens":true}""",
            "/detokenize",
            """
            {"model":"kjv-chat","tokens":[5,6,7]}""");

    static List<String> endpoints() {
        return GOOD.keySet().stream().sorted().toList();
    }

    private static String good(String endpoint) {
        return Objects.requireNonNull(GOOD.get(endpoint));
    }

    @AfterAll
    static void stop() {
        SERVED.close();
        CLIENT.close();
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void spoiltBodiesAreRefusedOrAnsweredAndNothingElse(String endpoint) throws Exception {
        Random random = new Random(SEED + endpoint.hashCode());
        JsonMutations mutations = new JsonMutations(random);
        String good = good(endpoint);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] body = random.nextInt(5) == 0
                    ? RandomMessages.bytes(random, 2_000)
                    : mutations.of(good).getBytes(StandardCharsets.UTF_8);
            check(post(endpoint, "application/json", body), "round %d of seed %d".formatted(round, SEED));
        }
        assertWorks(endpoint);
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void aBodyThatIsTooLargeIsRefused(String endpoint) throws Exception {
        String large = good(endpoint).replace("In the beginning", "x".repeat(TEN_MEGABYTES));
        byte[] body = (endpoint.equals("/detokenize")
                        ? "{\"tokens\":[" + "1,".repeat(TEN_MEGABYTES / 2) + "1]}"
                        : large)
                .getBytes(StandardCharsets.UTF_8);
        try {
            assertThat(post(endpoint, "application/json", body).statusCode()).isEqualTo(TOO_LARGE);
        } catch (IOException closed) {
            // A server may close the connection on a body that it will not read.
            assertThat(closed).hasMessageNotContaining("timed out");
        }
        assertWorks(endpoint);
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void otherMethodsAndTypesAreRefused(String endpoint) throws Exception {
        for (String type : List.of("text/plain", "application/xml", "multipart/form-data", "nonsense")) {
            check(post(endpoint, type, good(endpoint).getBytes(StandardCharsets.UTF_8)), type);
        }
        for (String method : List.of("GET", "PUT", "DELETE", "PATCH", "TRACE")) {
            HttpRequest request =
                    to(endpoint).method(method, BodyPublishers.noBody()).build();
            HttpResponse<String> response = CLIENT.send(request, BodyHandlers.ofString());
            check(response, method);
            assertThat(response.statusCode()).as(method).isBetween(400, 499);
        }
    }

    @Test
    void nothingIsKeptOfWhatWasRefused() throws Exception {
        Random random = new Random(SEED);
        churn(random);
        long before = SERVED.server().usedHeap();
        churn(random);
        churn(random);

        assertThat(SERVED.server().usedHeap() - before).isLessThan(ALLOWED_GROWTH);
    }

    private static void churn(Random random) throws Exception {
        JsonMutations mutations = new JsonMutations(random);
        for (String endpoint : endpoints()) {
            for (int round = 0; round < ROUNDS / 3; round++) {
                byte[] body = mutations.of(good(endpoint)).getBytes(StandardCharsets.UTF_8);
                check(post(endpoint, "application/json", body), "seed " + SEED);
            }
        }
    }

    private static void assertWorks(String endpoint) throws Exception {
        HttpResponse<String> response =
                post(endpoint, "application/json", good(endpoint).getBytes(StandardCharsets.UTF_8));
        check(response, "a good request");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }

    private static void check(HttpResponse<String> response, String which) {
        assertThat(response.statusCode()).as("%s: %s", which, response.body()).isLessThan(SERVER_ERROR);
        assertThat(response.body())
                .as(which)
                .doesNotContain("\tat ")
                .doesNotContain("Exception")
                .doesNotContain("io.tributary");
    }

    private static HttpResponse<String> post(String endpoint, String type, byte[] body) throws Exception {
        HttpRequest request = to(endpoint)
                .header("Content-Type", type)
                .POST(BodyPublishers.ofByteArray(body))
                .build();
        return CLIENT.send(request, BodyHandlers.ofString());
    }

    private static HttpRequest.Builder to(String endpoint) {
        return HttpRequest.newBuilder(URI.create(
                        "http://127.0.0.1:%d%s".formatted(SERVED.server().httpPort(), endpoint)))
                .timeout(DEADLINE);
    }
}
