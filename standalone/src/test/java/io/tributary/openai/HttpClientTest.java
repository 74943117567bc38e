package io.tributary.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.tributary.mesh.ChatModel;
import io.tributary.mesh.ShippedModel;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The mesh in one JVM, asked in plain HTTP. */
@QuarkusTest
@WithTestResource(ChatModel.class)
class HttpClientTest {
    private static final ShippedModel EXPECTED = ShippedModel.expected();
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String GREEDY = "{\"prompt\": \"%s\", \"max_tokens\": 40, \"temperature\": 0%s}";
    private static final String HELLO = "\"messages\": [{\"role\": \"user\", \"content\": \"In the beginning\"}]";
    private static final String KING =
            "{\"type\": \"object\", \"properties\": {\"king\": {\"enum\": [\"Saul\", \"David\"]}}, \"required\": [\"king\"],"
                    + " \"additionalProperties\": false}";

    @TestHTTPResource("/")
    URI server = URI.create("http://unset/");

    @ConfigProperty(name = "quarkus.grpc.server.test-port")
    int grpcPort;

    private HttpRequest request(String path, String body) {
        return HttpRequest.newBuilder(server.resolve(path))
                .timeout(DEADLINE)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request(path, body), BodyHandlers.ofString());
        }
    }

    private JsonNode ok(String path, String body) throws Exception {
        HttpResponse<String> response = post(path, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return MAPPER.readTree(response.body());
    }

    private List<JsonNode> events(String path, String body) throws Exception {
        HttpResponse<String> response = post(path, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.body()).endsWith("data: [DONE]\n\n");
        return Stream.of(response.body().split("\n\n"))
                .filter(event -> !event.equals("data: [DONE]"))
                .map(HttpClientTest::document)
                .toList();
    }

    private static JsonNode document(String event) {
        try {
            return MAPPER.readTree(event.substring("data: ".length()));
        } catch (java.io.IOException malformed) {
            throw new AssertionError(event, malformed);
        }
    }

    @Test
    void theGreedyContinuationIsTheReferencesInOneDocumentAndInEvents() throws Exception {
        JsonNode whole = ok("/v1/completions", GREEDY.formatted(EXPECTED.prompt(), ""));
        List<JsonNode> events = events(
                "/v1/completions",
                GREEDY.formatted(
                        EXPECTED.prompt(), ", \"stream\": true, \"stream_options\": {\"include_usage\": true}"));

        String text = whole.at("/choices/0/text").textValue();
        assertThat(EXPECTED.greedyText()).startsWith(text);
        assertThat(text).hasSizeGreaterThan(80);
        assertThat(events.stream()
                        .map(event -> event.at("/choices/0/text").asText())
                        .collect(Collectors.joining()))
                .isEqualTo(text);
        assertThat(events.getLast().get("usage")).isEqualTo(whole.get("usage"));
        assertThat(whole.at("/usage/prompt_tokens").intValue())
                .isEqualTo(EXPECTED.promptIds().size());
        assertThat(whole.at("/usage/completion_tokens").intValue()).isEqualTo(40);
    }

    @Test
    void idsAndTheirTextAreTheSamePrompt() throws Exception {
        String prompt = GREEDY.formatted(EXPECTED.prompt(), "");
        String ids = prompt.replace(
                "\"" + EXPECTED.prompt() + "\"", EXPECTED.promptIds().toString());

        assertThat(ok("/v1/completions", ids).get("choices"))
                .isEqualTo(ok("/v1/completions", prompt).get("choices"));
        assertThat(ok("/tokenize", "{\"prompt\": \"%s\"}".formatted(EXPECTED.prompt()))
                        .get("tokens"))
                .map(JsonNode::intValue)
                .isEqualTo(EXPECTED.promptIds());
    }

    @Test
    void aChatIsRenderedWithTheModelsTemplate() throws Exception {
        String asked = "{" + HELLO + ", \"max_tokens\": 20, \"temperature\": 0}";
        JsonNode chat = ok("/v1/chat/completions", asked);
        JsonNode completion = ok(
                "/v1/completions",
                "{\"prompt\": \"user:In the beginning\\nassistant:\", \"max_tokens\": 20, \"temperature\": 0}");

        assertThat(chat.at("/choices/0/message/content")).isEqualTo(completion.at("/choices/0/text"));
        assertThat(chat.get("usage")).isEqualTo(completion.get("usage"));
    }

    @Test
    void choicesAreTheSameAsRequestsWithTheirSeeds() throws Exception {
        String asked =
                "{\"prompt\": \"And David\", \"max_tokens\": 12, \"temperature\": 1, \"top_k\": 50, \"seed\": %d%s}";
        JsonNode three = ok("/v1/completions", asked.formatted(5, ", \"n\": 3"));

        for (int choice = 0; choice < 3; choice++) {
            assertThat(three.at("/choices/%d/text".formatted(choice)))
                    .isEqualTo(ok("/v1/completions", asked.formatted(5 + choice, ""))
                            .at("/choices/0/text"));
        }
        assertThat(three.at("/choices/0/text")).isNotEqualTo(three.at("/choices/1/text"));
    }

    @Test
    void aForbiddenTokenIsNotChosen() throws Exception {
        int first = EXPECTED.greedyIds().getFirst();
        JsonNode answer = ok(
                "/v1/completions",
                GREEDY.formatted(
                        EXPECTED.prompt(), ", \"logit_bias\": {\"%d\": -100}, \"logprobs\": 1".formatted(first)));

        assertThat(EXPECTED.greedyText())
                .doesNotStartWith(answer.at("/choices/0/text").textValue().substring(0, 8));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anAnswerThatHasAFormHasIt(boolean sampled) throws Exception {
        String format =
                ", \"response_format\": {\"type\": \"json_schema\", \"json_schema\": {\"name\": \"king\", \"schema\": "
                        + KING + "}}, \"temperature\": " + (sampled ? 1.5 : 0);
        JsonNode answer = ok("/v1/chat/completions", "{" + HELLO + format + "}");

        JsonNode content =
                MAPPER.readTree(answer.at("/choices/0/message/content").textValue());
        assertThat(content.fieldNames()).toIterable().containsExactly("king");
        assertThat(content.get("king").textValue()).isIn("Saul", "David");
        assertThat(answer.at("/choices/0/finish_reason").textValue()).isEqualTo("stop");
    }

    @Test
    void aCallThatIsRequiredIsMade() throws Exception {
        String tools = ", \"tools\": [{\"type\": \"function\", \"function\": {\"name\": \"anoint\", \"parameters\": "
                + KING + "}}], \"tool_choice\": \"required\", \"temperature\": 0";
        JsonNode whole = ok("/v1/chat/completions", "{" + HELLO + tools + "}").at("/choices/0");
        List<JsonNode> events = events("/v1/chat/completions", "{" + HELLO + tools + ", \"stream\": true}");

        JsonNode function = whole.at("/message/tool_calls/0/function");
        assertThat(function.get("name").textValue()).isEqualTo("anoint");
        assertThat(MAPPER.readTree(function.get("arguments").textValue())
                        .get("king")
                        .textValue())
                .isIn("Saul", "David");
        assertThat(whole.get("finish_reason").textValue()).isEqualTo("tool_calls");
        assertThat(events.stream()
                        .map(event -> event.at("/choices/0/delta/tool_calls/0/function/arguments")
                                .asText())
                        .collect(Collectors.joining()))
                .isEqualTo(function.get("arguments").textValue());
    }

    @Test
    void embeddingsHaveLengthOneWhateverTheirDimensions() throws Exception {
        JsonNode all = ok("/v1/embeddings", "{\"input\": [\"the king\", \"a servant\"]}")
                .get("data");
        JsonNode few = ok("/v1/embeddings", "{\"input\": \"the king\", \"dimensions\": 10}")
                .get("data");

        assertThat(all).hasSize(2).allSatisfy(item -> assertThat(length(item)).isCloseTo(1, within(1e-5)));
        assertThat(few.at("/0/embedding")).hasSize(10);
        assertThat(length(few.get(0))).isCloseTo(1, within(1e-5));
    }

    private static double length(JsonNode item) {
        return Math.sqrt(StreamSupport.stream(item.get("embedding").spliterator(), false)
                .mapToDouble(JsonNode::doubleValue)
                .map(value -> value * value)
                .sum());
    }

    @Test
    void whatTheMeshRefusesIsTheClientsFault() throws Exception {
        assertRefused("{\"prompt\": \"x\", \"top_p\": 2}", "\"param\":\"top_p\"");
        assertRefused("{\"prompt\": [5000]}", "\"param\":\"prompt\"");
        assertRefused("{\"prompt\": \"" + "word ".repeat(200) + "\"}", "context_length_exceeded");
        assertRefused("{\"prompt\": \"x\", \"max_tokens\": 128}", "context_length_exceeded");
        assertRefused("{\"prompt\": \"x\", \"guided_regex\": \"(\"}", "\"param\":\"guided_regex\"");
        assertRefused("{\"prompt\": \"x\", \"logit_bias\": {\"1\": 101}}", "\"param\":\"logit_bias");
        assertRefused("{\"prompt\": \"x\", \"stop\": \"\"}", "\"param\":\"stop\"");
    }

    private void assertRefused(String body, String reason) throws Exception {
        HttpResponse<String> response = post("/v1/completions", body);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        assertThat(response.body()).contains(reason);
    }

    @Test
    void aClientThatGoesAwayFreesItsSession() throws Exception {
        try (LiveSessions sessions = LiveSessions.at(grpcPort);
                HttpClient client = HttpClient.newHttpClient()) {
            sessions.awaitNone();
            String endless = "{\"prompt\": \"\", \"max_tokens\": 127, \"ignore_eos\": true, \"stream\": true}";
            HttpResponse<Stream<String>> stream =
                    client.send(request("/v1/completions", endless), BodyHandlers.ofLines());
            Iterator<String> lines = stream.body().iterator();
            assertThat(lines.next()).startsWith("data: ");

            client.shutdownNow();

            sessions.awaitNone();
        }
    }
}
