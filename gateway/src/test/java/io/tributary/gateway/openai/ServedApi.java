package io.tributary.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The HTTP API on a port, with a scripted gateway behind it, and what tests ask it with. */
abstract class ServedApi {
    static final int LONGEST_BODY = 20_000;
    static final Duration DEADLINE = Duration.ofSeconds(20);
    static final String HELLO = "\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]";
    static final String CHAT = "/v1/chat/completions";

    final ScriptedGateway gateway = new ScriptedGateway();
    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = HttpClient.newHttpClient();
    int port;

    @BeforeEach
    void start() throws Exception {
        Router router = Router.router(vertx);
        new OpenAiRoutes(gateway, new Limits(4, 8), LONGEST_BODY).register(router);
        HttpServer server = vertx.createHttpServer(new HttpServerOptions().setSendBufferSize(4096))
                .requestHandler(router);
        port = server.listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS)
                .actualPort();
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private record Limits(int maxRequests, int maxChoices) implements HttpApiConfiguration {}

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(DEADLINE);
    }

    HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, BodyHandlers.ofString());
    }

    HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    HttpResponse<String> chat(String members) throws IOException, InterruptedException {
        return post(CHAT, "{\"model\": \"stand-in\", " + HELLO + members + "}");
    }

    static JsonNode json(HttpResponse<String> response) {
        return json(response.body());
    }

    static JsonNode json(String text) {
        return Objects.requireNonNull(Json.parse(text), text);
    }

    static JsonNode ok(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).contains("application/json");
        return json(response);
    }

    static JsonNode refused(HttpResponse<String> response, int status) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("content-type")).contains("application/json");
        JsonNode error = json(response).get("error");
        assertThat(error.fieldNames()).toIterable().containsExactly("message", "type", "param", "code");
        assertThat(error.get("message").textValue()).isNotBlank();
        return error;
    }

    /** The documents of a stream of events, without its end, which has to be there. */
    static List<JsonNode> events(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).contains("text/event-stream; charset=utf-8");
        assertThat(response.body()).endsWith("\n\n");
        List<String> events = new ArrayList<>(Arrays.asList(response.body().split("\n\n")));
        assertThat(events).allMatch(event -> event.startsWith("data: ") && !event.contains("\n"));
        assertThat(events.removeLast()).isEqualTo("data: [DONE]");
        return events.stream()
                .map(event -> json(event.substring("data: ".length())))
                .toList();
    }

    static List<String> at(List<JsonNode> documents, String pointer) {
        return documents.stream()
                .map(document -> document.at(pointer))
                .filter(value -> !value.isMissingNode() && !value.isNull())
                .map(JsonNode::asText)
                .toList();
    }
}
