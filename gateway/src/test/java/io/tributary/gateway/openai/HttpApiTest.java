package io.tributary.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.rpc.Code;
import io.smallrye.mutiny.Multi;
import io.tributary.edge.GrpcErrors;
import io.tributary.edge.TraceContext;
import io.tributary.proto.gateway.v1.FinishReason;
import io.tributary.proto.gateway.v1.GenerateResponse;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is on the wire, with a scripted gateway behind it. */
class HttpApiTest {
    private static final int LONGEST_BODY = 20_000;
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final String HELLO = "\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]";
    private static final String CHAT = "/v1/chat/completions";

    private final ScriptedGateway gateway = new ScriptedGateway();
    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = HttpClient.newHttpClient();
    private int port;

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

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(DEADLINE);
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private HttpResponse<String> chat(String members) throws IOException, InterruptedException {
        return post(CHAT, "{\"model\": \"stand-in\", " + HELLO + members + "}");
    }

    private static JsonNode json(HttpResponse<String> response) {
        return json(response.body());
    }

    private static JsonNode json(String text) {
        return Objects.requireNonNull(Json.parse(text), text);
    }

    private static JsonNode ok(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).contains("application/json");
        return json(response);
    }

    private static JsonNode refused(HttpResponse<String> response, int status) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("content-type")).contains("application/json");
        JsonNode error = json(response).get("error");
        assertThat(error.fieldNames()).toIterable().containsExactly("message", "type", "param", "code");
        assertThat(error.get("message").textValue()).isNotBlank();
        return error;
    }

    /** The documents of a stream of events, without its end, which has to be there. */
    private static List<JsonNode> events(HttpResponse<String> response) {
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

    private static List<String> at(List<JsonNode> documents, String pointer) {
        return documents.stream()
                .map(document -> document.at(pointer))
                .filter(value -> !value.isMissingNode() && !value.isNull())
                .map(JsonNode::asText)
                .toList();
    }

    @Test
    void aChatIsAnsweredInOneDocument() throws Exception {
        gateway.answers(request -> ScriptedGateway.answer("Good", " morning"));

        JsonNode answer = ok(chat(""));

        assertThat(answer.get("id").textValue()).startsWith("chatcmpl-");
        assertThat(answer.get("object").textValue()).isEqualTo("chat.completion");
        assertThat(answer.get("model").textValue()).isEqualTo("stand-in");
        assertThat(answer.get("system_fingerprint").textValue()).isEqualTo("fp_0123456789");
        assertThat(answer.get("choices").toString())
                .isEqualTo(
                        "[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Good morning\",\"refusal\":null},"
                                + "\"logprobs\":null,\"finish_reason\":\"stop\"}]");
        assertThat(answer.get("usage").toString())
                .isEqualTo("{\"prompt_tokens\":5,\"completion_tokens\":2,\"total_tokens\":7}");
    }

    @Test
    void aStreamIsTheRoleThenTheTextThenTheReasonThenTheUsage() throws Exception {
        gateway.answers(request -> ScriptedGateway.answer(FinishReason.FINISH_REASON_LENGTH, "Good", " morning"));

        List<JsonNode> events = events(chat(", \"stream\": true, \"stream_options\": {\"include_usage\": true}"));

        assertThat(events.stream().map(event -> event.get("choices").toString()))
                .containsExactly(
                        "[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"logprobs\":null,\"finish_reason\":null}]",
                        "[{\"index\":0,\"delta\":{\"content\":\"Good\"},\"logprobs\":null,\"finish_reason\":null}]",
                        "[{\"index\":0,\"delta\":{\"content\":\" morning\"},\"logprobs\":null,\"finish_reason\":null}]",
                        "[{\"index\":0,\"delta\":{},\"logprobs\":null,\"finish_reason\":\"length\"}]",
                        "[]");
        assertThat(at(events, "/object")).containsOnly("chat.completion.chunk");
        assertThat(at(events, "/id")).hasSize(5).containsOnly(at(events, "/id").getFirst());
        assertThat(at(events, "/usage/total_tokens")).containsExactly("7");
    }

    @Test
    void logprobsComeWithTheTextOfTheirTokens() throws Exception {
        gateway.answers(request -> ScriptedGateway.answer("é", "b"));
        String asked = ", \"logprobs\": true, \"top_logprobs\": 1";
        String first = "{\"token\":\"é\",\"logprob\":-0.5,\"bytes\":[195,169],"
                + "\"top_logprobs\":[{\"token\":\"é\",\"logprob\":-0.5,\"bytes\":[195,169]}]}";

        JsonNode whole = ok(chat(asked));
        List<JsonNode> events = events(chat(asked + ", \"stream\": true"));

        assertThat(whole.at("/choices/0/logprobs/content")).hasSize(2);
        assertThat(whole.at("/choices/0/logprobs/content/0").toString()).isEqualTo(first);
        assertThat(events.get(1).at("/choices/0/logprobs/content").toString()).isEqualTo("[" + first + "]");
        assertThat(at(events, "/choices/0/delta/content")).containsExactly("", "é", "b");
        assertThat(gateway.requests.getFirst().getTopLogprobs()).isEqualTo(1);
    }

    @Test
    void aCallOfAToolIsToldInPartsThatMakeUpTheWhole() throws Exception {
        gateway.answers(request -> ScriptedGateway.answer(
                "<tool_call>", "{\"name\": \"weather\", ", "\"arguments\": {\"city\"", ": \"Ai\"}}", "</tool_call>"));
        String tools = ", \"tools\": [{\"type\": \"function\", \"function\": {\"name\": \"weather\"}}]";

        JsonNode whole = ok(chat(tools)).at("/choices/0");
        List<JsonNode> events = events(chat(tools + ", \"stream\": true"));

        assertThat(whole.get("finish_reason").textValue()).isEqualTo("tool_calls");
        assertThat(whole.at("/message/content").isNull()).isTrue();
        assertThat(whole.at("/message/tool_calls/0/id").textValue()).startsWith("call_");
        assertThat(whole.at("/message/tool_calls/0/type").textValue()).isEqualTo("function");
        assertThat(whole.at("/message/tool_calls/0/function").toString())
                .isEqualTo("{\"name\":\"weather\",\"arguments\":\"{\\\"city\\\": \\\"Ai\\\"}\"}");
        String part = "/choices/0/delta/tool_calls/0";
        assertThat(at(events, part + "/index")).containsOnly("0");
        assertThat(at(events, part + "/function/name")).containsExactly("weather");
        assertThat(at(events, part + "/id")).hasSize(1);
        assertThat(String.join("", at(events, part + "/function/arguments"))).isEqualTo("{\"city\": \"Ai\"}");
        assertThat(at(events, "/choices/0/finish_reason")).containsExactly("tool_calls");
    }

    @Test
    void severalChoicesHaveTheirIndexAndCountTheirPromptOnce() throws Exception {
        gateway.answers(request ->
                ScriptedGateway.answer("seed " + request.getSampling().getSeed()));

        JsonNode whole = ok(chat(", \"n\": 3, \"seed\": 7"));
        List<JsonNode> events = events(chat(", \"n\": 3, \"seed\": 7, \"stream\": true"));

        assertThat(IntStream.range(0, 3)
                        .mapToObj(index -> whole.at("/choices/%d/index".formatted(index)) + " "
                                + whole.at("/choices/%d/message/content".formatted(index))
                                        .textValue()))
                .containsExactly("0 seed 7", "1 seed 8", "2 seed 9");
        assertThat(whole.at("/usage").toString())
                .isEqualTo("{\"prompt_tokens\":5,\"completion_tokens\":3,\"total_tokens\":8}");
        assertThat(at(events, "/choices/0/finish_reason")).hasSize(3);
        assertThat(events.stream()
                        .filter(event ->
                                event.at("/choices/0/delta/content").asText().startsWith("seed"))
                        .map(event -> event.at("/choices/0/index") + " "
                                + event.at("/choices/0/delta/content").asText()))
                .containsExactlyInAnyOrder("0 seed 7", "1 seed 8", "2 seed 9");
    }

    @Test
    void furtherChoicesBeginWhenTheFirstHasComputedThePrompt() throws Exception {
        gateway.answers(request -> {
            boolean first = gateway.requests.size() == 1;
            assertThat(first || gateway.endlessTokens.get() == 1).isTrue();
            return ScriptedGateway.answer("x").onItem().invoke(response -> {
                if (first && response.hasToken()) {
                    gateway.endlessTokens.set(1);
                }
            });
        });

        assertThat(ok(chat(", \"n\": 4")).get("choices")).hasSize(4);
    }

    @Test
    void aCompletionHasTextAndWhatWasAskedForWithIt() throws Exception {
        gateway.answers(request -> ScriptedGateway.answer(" was", " God"));

        JsonNode whole = ok(post("/v1/completions", "{\"prompt\": \"There\", \"echo\": true, \"max_tokens\": 2}"));
        JsonNode logprobs = ok(post("/v1/completions", "{\"prompt\": \"There\", \"logprobs\": 1}"));

        assertThat(whole.get("object").textValue()).isEqualTo("text_completion");
        assertThat(whole.at("/choices/0/text").textValue()).isEqualTo("There was God");
        assertThat(whole.at("/choices/0/finish_reason").textValue()).isEqualTo("stop");
        assertThat(logprobs.at("/choices/0/logprobs").toString())
                .isEqualTo("{\"tokens\":[\" was\",\" God\"],\"token_logprobs\":[-0.5,-0.5],"
                        + "\"top_logprobs\":[{\" was\":-0.5},{\" God\":-0.5}],\"text_offset\":[0,4]}");
    }

    @Test
    void completionsOfSeveralPromptsAreStreamedSideBySide() throws Exception {
        gateway.answers(request -> ScriptedGateway.answer(request.getPrompt() + "!"));

        List<JsonNode> events = events(
                post(
                        "/v1/completions",
                        "{\"prompt\": [\"a\", \"b\"], \"stream\": true, \"echo\": true, \"stream_options\": {\"include_usage\": true}}"));

        for (int index = 0; index < 2; index++) {
            int choice = index;
            List<JsonNode> own = events.stream()
                    .filter(event -> event.at("/choices/0/index").asInt(-1) == choice)
                    .toList();
            assertThat(at(own, "/choices/0/text"))
                    .containsExactly(choice == 0 ? "a" : "b", choice == 0 ? "a!" : "b!", "");
        }
        assertThat(events.getLast().get("usage").toString())
                .isEqualTo("{\"prompt_tokens\":10,\"completion_tokens\":2,\"total_tokens\":12}");
    }

    @Test
    void embeddingsAreNumbersOrBytesAndMayBeShortened() throws Exception {
        JsonNode numbers = ok(post("/v1/embeddings", "{\"model\": \"stand-in\", \"input\": [\"ab\", \"c\"]}"));
        JsonNode bytes = ok(post("/v1/embeddings", "{\"input\": [97], \"encoding_format\": \"base64\"}"));
        JsonNode shortened = ok(post("/v1/embeddings", "{\"input\": \"a\", \"dimensions\": 1}"));

        assertThat(numbers.get("data").toString())
                .isEqualTo("[{\"object\":\"embedding\",\"index\":0,\"embedding\":[0.6,0.8,0.0]},"
                        + "{\"object\":\"embedding\",\"index\":1,\"embedding\":[0.6,0.8,0.0]}]");
        assertThat(numbers.at("/usage/prompt_tokens").intValue()).isEqualTo(3);
        assertThat(bytes.at("/data/0/embedding").textValue()).isEqualTo("mpkZP83MTD8AAAAA");
        assertThat(shortened.at("/data/0/embedding").toString()).isEqualTo("[1.0]");
        assertThat(refused(post("/v1/embeddings", "{\"input\": \"a\", \"dimensions\": 4}"), 400)
                        .get("param")
                        .textValue())
                .isEqualTo("dimensions");
    }

    @Test
    void modelsAreListedAndNamed() throws Exception {
        JsonNode all = ok(send(request("/v1/models").build()));
        JsonNode one = ok(send(request("/v1/models/stand-in").build()));

        assertThat(all.get("object").textValue()).isEqualTo("list");
        assertThat(all.at("/data/0")).isEqualTo(one);
        assertThat(one.get("id").textValue()).isEqualTo("stand-in");
        assertThat(one.get("max_model_len").intValue()).isEqualTo(ScriptedGateway.CONTEXT);
        refused(send(request("/v1/models/other").build()), 404);
    }

    @Test
    void textBecomesTokensAndTokensText() throws Exception {
        assertThat(ok(post("/tokenize", "{\"prompt\": \"ab\", \"return_token_strs\": true}"))
                        .toString())
                .isEqualTo(
                        "{\"count\":3,\"max_model_len\":128,\"tokens\":[0,97,98],\"token_strs\":[\"\",\"a\",\"b\"]}");
        assertThat(ok(post("/tokenize", "{\"prompt\": \"a\", \"add_special_tokens\": false}"))
                        .get("tokens")
                        .toString())
                .isEqualTo("[97]");
        assertThat(ok(post("/detokenize", "{\"tokens\": [97, 98]}")).toString()).isEqualTo("{\"prompt\":\"ab\"}");
        assertThat(refused(post("/detokenize", "{}"), 400).get("param").textValue())
                .isEqualTo("tokens");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/chat/completions", "/v1/completions", "/v1/embeddings"})
    void aModelThatIsNotServedIsNamed(String path) throws Exception {
        JsonNode error =
                refused(post(path, "{\"model\": \"gpt-4\", \"prompt\": \"a\", \"input\": \"a\", " + HELLO + "}"), 404);

        assertThat(error.get("code").textValue()).isEqualTo("model_not_found");
        assertThat(error.get("param").textValue()).isEqualTo("model");
        assertThat(error.get("message").textValue()).contains("gpt-4", "stand-in");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "sampling.top_p, top_p",
        "chat.messages, messages",
        "prompt_tokens, prompt",
        "constraint.json_schema, response_format",
        "texts[2], input[2]",
        "stop, stop",
    })
    void aFieldThatTheContractRefusesHasItsNameInTheRequest(String field, String param) throws Exception {
        gateway.answers(request -> Multi.createFrom().failure(GrpcErrors.invalidArgument(field, "is wrong")));

        JsonNode error = refused(chat(", \"stream\": true"), 400);

        assertThat(error.get("param").textValue()).isEqualTo(param);
        assertThat(error.get("message").textValue()).isEqualTo(param + ": is wrong");
        assertThat(error.get("type").textValue()).isEqualTo("invalid_request_error");
    }

    @Test
    void aFormThatComesFromTheToolsIsTheirFault() throws Exception {
        gateway.answers(request ->
                Multi.createFrom().failure(GrpcErrors.invalidArgument("constraint.json_schema", "is no schema")));
        String tools =
                ", \"tools\": [{\"type\": \"function\", \"function\": {\"name\": \"f\"}}], \"tool_choice\": \"required\"";

        assertThat(refused(chat(tools), 400).get("param").textValue()).isEqualTo("tools");
    }

    @Test
    void aPromptBeyondTheContextIsAWrongRequestAndAFullGatewayOneToRepeat() throws Exception {
        gateway.answers(request -> Multi.createFrom().failure(GrpcErrors.limitExceeded("context", "too long")));
        assertThat(refused(chat(""), 400).get("code").textValue()).isEqualTo("context_length_exceeded");

        gateway.answers(request -> Multi.createFrom().failure(GrpcErrors.busy("full", Duration.ofMillis(2500))));
        HttpResponse<String> busy = chat("");
        assertThat(refused(busy, 429).get("code").textValue()).isEqualTo("rate_limit_exceeded");
        assertThat(busy.headers().firstValue("retry-after")).contains("3");
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "UNAVAILABLE, 503",
        "UNAUTHENTICATED, 401",
        "PERMISSION_DENIED, 403",
        "NOT_FOUND, 404",
        "DEADLINE_EXCEEDED, 504",
        "FAILED_PRECONDITION, 400",
        "UNIMPLEMENTED, 400",
        "INTERNAL, 500",
    })
    void aStatusOfTheContractIsOneOfHttp(Code code, int status) throws Exception {
        gateway.answers(request -> Multi.createFrom().failure(GrpcErrors.of(code, "the reason")));

        HttpResponse<String> response = chat("");

        JsonNode error = refused(response, status);
        assertThat(error.get("message").textValue().contains("the reason")).isEqualTo(status != 500);
        assertThat(response.headers().firstValue("retry-after").isPresent()).isEqualTo(status == 503);
    }

    @Test
    void whatNoServiceTranslatedTellsTheClientNothingOfTheInside() throws Exception {
        gateway.answers(request -> {
            throw new IllegalStateException("secret");
        });

        assertThat(refused(chat(""), 500).toString()).doesNotContain("secret", "Exception");
    }

    @Test
    void aFailureInTheMiddleOfAStreamIsItsLastEvent() throws Exception {
        gateway.answers(request -> Multi.createBy()
                .concatenating()
                .streams(
                        Multi.createFrom().items(ScriptedGateway.started(), ScriptedGateway.token("a")),
                        Multi.createFrom().failure(GrpcErrors.unavailable("a shard was lost"))));

        HttpResponse<String> response = chat(", \"stream\": true");

        assertThat(response.statusCode()).isEqualTo(200);
        String last = response.body().substring(response.body().lastIndexOf("data: "));
        assertThat(last)
                .isEqualTo(
                        "data: {\"error\":{\"message\":\"a shard was lost\",\"type\":\"server_error\",\"param\":null,"
                                + "\"code\":null}}\n\n");
    }

    @Test
    void whatIsNotServedIsAProblemAndAWrongMethodNamesTheRightOne() throws Exception {
        HttpResponse<String> nowhere = send(request("/v2/chat").build());
        assertThat(nowhere.statusCode()).isEqualTo(404);
        assertThat(nowhere.headers().firstValue("content-type")).contains("application/problem+json");
        assertThat(json(nowhere).get("detail").textValue()).contains("/v2/chat");

        HttpResponse<String> get = send(request(CHAT).build());
        refused(get, 405);
        assertThat(get.headers().firstValue("allow")).contains("POST");
        refused(send(request("/v1/models").DELETE().build()), 405);
        refused(send(request("/v1/models/stand-in").DELETE().build()), 405);
    }

    @Test
    void aBodyThatIsNoJsonOrTooLongIsNotRead() throws Exception {
        HttpRequest.BodyPublisher small = HttpRequest.BodyPublishers.ofString("{}");
        refused(send(request(CHAT).POST(small).build()), 415);
        refused(
                send(request(CHAT)
                        .header("Content-Type", "text/plain")
                        .POST(small)
                        .build()),
                415);
        String tooLong = "{\"a\": \"" + "x".repeat(LONGEST_BODY) + "\"}";
        refused(post(CHAT, tooLong), 413);
        HttpRequest chunked = request(CHAT)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofInputStream(
                        () -> new java.io.ByteArrayInputStream(tooLong.getBytes(StandardCharsets.UTF_8))))
                .build();
        refused(send(chunked), 413);
        refused(post(CHAT, ""), 400);
        refused(post(CHAT, "{"), 400);
        assertThat(ok(chat("")).get("choices")).hasSize(1);
    }

    @Test
    void theTraceOfARequestGoesAlong() throws Exception {
        String traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        ok(send(request(CHAT)
                .header("Content-Type", "application/json")
                .header("traceparent", traceparent)
                .header("tracestate", "vendor=opaque")
                .POST(HttpRequest.BodyPublishers.ofString("{\"n\": 2, " + HELLO + "}"))
                .build()));
        ok(chat(""));

        assertThat(gateway.traces)
                .containsExactly(
                        new TraceContext(traceparent, "vendor=opaque"),
                        new TraceContext(traceparent, "vendor=opaque"),
                        new TraceContext(null, null));
    }

    @Test
    void aClientThatGoesAwayCancelsItsStream() throws Exception {
        gateway.answers(request -> gateway.endless("word "));

        try (Socket socket = open(", \"stream\": true")) {
            InputStream input = socket.getInputStream();
            assertThat(new String(input.readNBytes(200), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 200");
        }

        assertThat(gateway.cancelled.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aClientThatGoesAwayBeforeItsDocumentIsThereCancelsIt() throws Exception {
        gateway.answers(request -> Multi.createBy()
                .concatenating()
                .streams(
                        Multi.createFrom().item(ScriptedGateway.started()),
                        Multi.createFrom().<GenerateResponse>nothing()));

        try (Socket socket = open("")) {
            while (gateway.requests.isEmpty()) {
                Thread.sleep(1);
            }
            assertThat(socket.isConnected()).isTrue();
        }

        assertThat(gateway.cancelled.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aClientThatDoesNotReadHoldsTheGenerationUp() throws Exception {
        gateway.answers(request -> gateway.endless("word ".repeat(200)));

        try (Socket socket = open(", \"stream\": true")) {
            assertThat(socket.getInputStream().readNBytes(100)).hasSize(100);
            long before = awaitStandstill();

            assertThat(before).isLessThan(20_000);
            assertThat(socket.getInputStream().readNBytes(20_000_000)).hasSize(20_000_000);
            assertThat(gateway.endlessTokens.get()).isGreaterThan(before);
        }
    }

    /** The number of tokens once it has not changed for a while. */
    private long awaitStandstill() throws InterruptedException {
        long last = -1;
        for (int poll = 0; poll < 200 && gateway.endlessTokens.get() != last; poll++) {
            last = gateway.endlessTokens.get();
            Thread.sleep(100);
        }
        assertThat(gateway.endlessTokens.get()).isEqualTo(last);
        return last;
    }

    @Test
    void moreRequestsThanThereIsRoomForAreRefusedAtOnce() throws Exception {
        gateway.answers(request -> gateway.endless("word "));
        List<Socket> open = new ArrayList<>();
        try {
            for (int socket = 0; socket < 4; socket++) {
                open.add(open(", \"stream\": true"));
                assertThat(open.getLast().getInputStream().read()).isEqualTo('H');
            }
            HttpResponse<String> refused = chat("");

            refused(refused, 429);
            assertThat(refused.headers().firstValue("retry-after")).contains("1");
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    private Socket open(String members) throws IOException {
        String body = "{" + HELLO + members + "}";
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout((int) DEADLINE.toMillis());
        socket.getOutputStream()
                .write(("POST " + CHAT + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
                                + body.length() + "\r\n\r\n" + body)
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }
}
