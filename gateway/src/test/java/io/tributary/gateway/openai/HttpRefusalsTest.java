package io.tributary.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.rpc.Code;
import io.smallrye.mutiny.Multi;
import io.tributary.edge.GrpcErrors;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is on the wire when a request is refused, or its answer fails. */
class HttpRefusalsTest extends ServedApi {
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
}
