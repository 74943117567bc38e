package io.tributary.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.proto.gateway.v1.FinishReason;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is on the wire when all goes well. */
class HttpApiTest extends ServedApi {
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
}
