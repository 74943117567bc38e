package io.tributary.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.tributary.proto.gateway.v1.ChatMessage;
import io.tributary.proto.gateway.v1.Constraint;
import io.tributary.proto.gateway.v1.GenerateRequest;
import io.tributary.proto.gateway.v1.SamplingParameters;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** JSON requests as requests of the contract. */
class RequestsTest {
    private static final String HELLO = "\"messages\": [{\"role\": \"user\", \"content\": \"Hello\"}]";
    private static final String WEATHER =
            "{\"type\": \"function\", \"function\": {\"name\": \"weather\", \"parameters\": {\"type\": \"object\"}}}";

    private static Fields fields(String json) {
        return Json.read(json.getBytes(StandardCharsets.UTF_8));
    }

    private static ChatCompletionRequest chat(String members) {
        return ChatCompletionRequest.of(fields("{" + HELLO + members + "}"), 8);
    }

    private static CompletionRequest completion(String members) {
        return CompletionRequest.of(fields("{" + members + "}"), 8);
    }

    @Test
    void everySamplingFieldReachesTheContract() {
        GenerateRequest request = chat("""
                        , "temperature": 0.5, "top_p": 0.9, "top_k": 40, "min_p": 0.1, "typical_p": 0.8,
                        "epsilon_cutoff": 0.01, "repetition_penalty": 1.1, "frequency_penalty": 0.2,
                        "presence_penalty": -0.3, "no_repeat_ngram_size": 3, "seed": -5,
                        "logit_bias": {"7": -100, "9": 1.5}
                        """).generateRequest(0);

        assertThat(request.getSampling())
                .isEqualTo(SamplingParameters.newBuilder()
                        .setTemperature(0.5f)
                        .setTopP(0.9f)
                        .setTopK(40)
                        .setMinP(0.1f)
                        .setTypicalP(0.8f)
                        .setEpsilonCutoff(0.01f)
                        .setRepetitionPenalty(1.1f)
                        .setFrequencyPenalty(0.2f)
                        .setPresencePenalty(-0.3f)
                        .setNoRepeatNgramSize(3)
                        .setSeed(-5)
                        .putLogitBias(7, -100)
                        .putLogitBias(9, 1.5f)
                        .build());
    }

    @Test
    void withoutATemperatureItIsOneAsInOpenAisApi() {
        assertThat(chat("").generateRequest(0).getSampling().getTemperature()).isEqualTo(1);
        assertThat(chat(", \"temperature\": null")
                        .generateRequest(0)
                        .getSampling()
                        .getTemperature())
                .isEqualTo(1);
    }

    @Test
    void topKOfMinusOneKeepsAll() {
        assertThat(chat(", \"top_k\": -1").generateRequest(0).getSampling().getTopK())
                .isZero();
    }

    @Test
    void eachChoiceHasASeedOfItsOwn() {
        ChatCompletionRequest request = chat(", \"n\": 3, \"seed\": 11");

        assertThat(List.of(0, 1, 2))
                .map(choice -> request.generateRequest(choice).getSampling().getSeed())
                .containsExactly(11L, 12L, 13L);
        assertThat(chat(", \"n\": 3").generateRequest(2).getSampling().hasSeed())
                .isFalse();
    }

    @Test
    void stopIsOneTextOrSeveral() {
        assertThat(chat(", \"stop\": \"a\"").generateRequest(0).getStopList()).containsExactly("a");
        assertThat(chat(", \"stop\": [\"a\", \"b\"]").generateRequest(0).getStopList())
                .containsExactly("a", "b");
        assertThat(chat(", \"stop\": null").generateRequest(0).getStopList()).isEmpty();
    }

    @Test
    void theNewerNameOfMaxTokensWins() {
        GenerateRequest both =
                chat(", \"max_tokens\": 7, \"max_completion_tokens\": 9").generateRequest(0);

        assertThat(both.getMaxTokens()).isEqualTo(9);
        assertThat(chat(", \"max_tokens\": 7").generateRequest(0).getMaxTokens())
                .isEqualTo(7);
        assertThat(chat("").generateRequest(0).hasMaxTokens()).isFalse();
    }

    @Test
    void aResponseFormatIsAConstraint() {
        assertThat(constraint("\"response_format\": {\"type\": \"json_object\"}")
                        .getJsonSchema())
                .isEqualTo("{\"type\":\"object\"}");
        assertThat(constraint(
                                "\"response_format\": {\"type\": \"json_schema\", \"json_schema\": {\"name\": \"n\", \"schema\": {\"type\": \"null\"}}}")
                        .getJsonSchema())
                .isEqualTo("{\"type\":\"null\"}");
        assertThat(constraint("\"guided_regex\": \"[ab]+\"").getRegularExpression())
                .isEqualTo("[ab]+");
        assertThat(constraint("\"guided_grammar\": \"root ::= \\\"a\\\"\"").getGbnf())
                .isEqualTo("root ::= \"a\"");
        assertThat(constraint("\"guided_json\": {\"type\": \"null\"}").getJsonSchema())
                .isEqualTo("{\"type\":\"null\"}");
        assertThat(chat(", \"response_format\": {\"type\": \"text\"}")
                        .generateRequest(0)
                        .hasConstraint())
                .isFalse();
    }

    private static Constraint constraint(String member) {
        return chat(", " + member).generateRequest(0).getConstraint();
    }

    @Test
    void aConversationWithToolCallsIsWrittenAsTemplatesWantIt() {
        ChatCompletionRequest request = ChatCompletionRequest.of(fields("""
                        {"messages": [
                          {"role": "developer", "content": "Be brief."},
                          {"role": "user", "content": [{"type": "text", "text": "How is "}, {"type": "text", "text": "Ai?"}]},
                          {"role": "assistant", "content": null, "tool_calls": [
                            {"id": "c1", "type": "function", "function": {"name": "weather", "arguments": "{\\"city\\": \\"Ai\\"}"}}]},
                          {"role": "tool", "tool_call_id": "c1", "content": "dry"}],
                         "chat_template_kwargs": {"enable_thinking": false}}
                        """), 8);

        List<ChatMessage> messages = request.prompt().getMessagesList();
        assertThat(messages).map(ChatMessage::getRole).containsExactly("system", "user", "assistant", "tool");
        assertThat(messages).map(ChatMessage::getContent).containsExactly("Be brief.", "How is Ai?", "", "dry");
        assertThat(messages.get(2).getToolCallsList())
                .containsExactly(
                        "{\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"weather\",\"arguments\":{\"city\":\"Ai\"}}}");
        assertThat(entry(messages.get(3).getToolCallId(), messages.get(3).getName()))
                .isEqualTo(entry("c1", "weather"));
        assertThat(request.prompt().getTemplateVariables()).isEqualTo("{\"enable_thinking\":false}");
    }

    @Test
    void toolsGoIntoTheTemplateUnlessNoneMayBeCalled() {
        assertThat(chat(", \"tools\": [" + WEATHER + "]").prompt().getToolsList())
                .containsExactly(
                        "{\"type\":\"function\",\"function\":{\"name\":\"weather\",\"parameters\":{\"type\":\"object\"}}}");
        assertThat(chat(", \"tools\": [" + WEATHER + "], \"tool_choice\": \"none\"")
                        .prompt()
                        .getToolsList())
                .isEmpty();
    }

    @Test
    void aForcedCallIsAConstraint() {
        String schema = "{\"type\":\"object\",\"properties\":{\"name\":{\"const\":\"weather\"},"
                + "\"arguments\":{\"type\":\"object\"}},\"required\":[\"name\",\"arguments\"],\"additionalProperties\":false}";
        String tools = ", \"tools\": [" + WEATHER + ", " + WEATHER.replace("weather", "time") + "], ";

        assertThat(chat(tools + "\"tool_choice\": {\"type\": \"function\", \"function\": {\"name\": \"weather\"}}")
                        .generateRequest(0)
                        .getConstraint()
                        .getJsonSchema())
                .isEqualTo(schema);
        assertThat(chat(tools + "\"tool_choice\": \"required\"")
                        .generateRequest(0)
                        .getConstraint()
                        .getJsonSchema())
                .isEqualTo("{\"anyOf\":[" + schema + "," + schema.replace("weather", "time") + "]}");
        assertThat(chat(tools + "\"tool_choice\": \"auto\"").generateRequest(0).hasConstraint())
                .isFalse();
    }

    @Test
    void promptsAreTextsOrIds() {
        assertThat(completion("\"prompt\": \"a\"").generateRequest(0).getPrompt())
                .isEqualTo("a");
        assertThat(completion("\"prompt\": [3, 4]")
                        .generateRequest(0)
                        .getPromptTokens()
                        .getIdsList())
                .containsExactly(3, 4);
        CompletionRequest texts = completion("\"prompt\": [\"a\", \"b\"], \"n\": 2, \"seed\": 1");
        assertThat(texts.choices()).isEqualTo(4);
        assertThat(texts.generateRequest(3).getPrompt()).isEqualTo("b");
        assertThat(texts.generateRequest(3).getSampling().getSeed()).isEqualTo(2);
        assertThat(completion("\"prompt\": [[3], [4, 5]]")
                        .generateRequest(1)
                        .getPromptTokens()
                        .getIdsList())
                .containsExactly(4, 5);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"temperature\": \"hot\" | temperature",
                "\"n\": 0 | n",
                "\"n\": 9 | n",
                "\"n\": 1.5 | n",
                "\"seed\": 1e30 | seed",
                "\"stop\": 7 | stop",
                "\"stop\": [\"a\", 7] | stop[1]",
                "\"stream\": \"yes\" | stream",
                "\"stream_options\": {\"include_usage\": true} | stream_options",
                "\"logit_bias\": {\"word\": 1} | logit_bias",
                "\"logit_bias\": {\"5\": \"x\"} | logit_bias.5",
                "\"top_logprobs\": 2 | top_logprobs",
                "\"logprobs\": true, \"top_logprobs\": 21 | top_logprobs",
                "\"logprobs\": 2 | logprobs",
                "\"max_tokens\": 0 | max_tokens",
                "\"max_tokens\": -1 | max_tokens",
                "\"max_completion_tokens\": \"9\" | max_completion_tokens",
                "\"response_format\": \"json\" | response_format",
                "\"response_format\": {\"type\": \"xml\"} | response_format.type",
                "\"response_format\": {\"type\": \"json_schema\"} | response_format.json_schema",
                "\"response_format\": {\"type\": \"json_schema\", \"json_schema\": {\"schema\": 7}} | response_format.json_schema.schema",
                "\"tools\": {} | tools",
                "\"tools\": [{\"type\": \"retrieval\"}] | tools[0].type",
                "\"tools\": [{\"type\": \"function\"}] | tools[0].function",
                "\"tools\": [{\"type\": \"function\", \"function\": {\"name\": 7}}] | tools[0].function.name",
                "\"tool_choice\": \"required\" | tool_choice",
                "\"functions\": [{}] | functions",
                "\"modalities\": [\"audio\"] | modalities",
                "\"min_tokens\": 3 | min_tokens",
                "\"model\": 7 | model",
                "\"chat_template_kwargs\": [] | chat_template_kwargs",
                "\"messages\": [] | messages",
                "\"messages\": \"hi\" | messages",
                "\"messages\": [\"hi\"] | messages[0]",
                "\"messages\": [{\"content\": \"x\"}] | messages[0].role",
                "\"messages\": [{\"role\": \"robot\", \"content\": \"x\"}] | messages[0].role",
                "\"messages\": [{\"role\": \"user\"}] | messages[0].content",
                "\"messages\": [{\"role\": \"user\", \"content\": 7}] | messages[0].content",
                "\"messages\": [{\"role\": \"user\", \"content\": \"\\ud800\"}] | messages[0].content",
                "\"messages\": [{\"role\": \"user\", \"content\": [{\"type\": \"image_url\"}]}] | messages[0].content[0].type",
                "\"messages\": [{\"role\": \"tool\", \"content\": \"x\"}] | messages[0].tool_call_id",
                "\"messages\": [{\"role\": \"assistant\", \"tool_calls\": [{\"function\": {\"name\": \"f\", \"arguments\": \"[\"}}]}] | messages[0].tool_calls[0].function.arguments",
            })
    void aWrongChatIsRefusedNamingTheField(String member, String param) {
        assertThatThrownBy(() -> chat(", " + member)).satisfies(refusal -> assertNames(refusal, param));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"max_tokens\": 5 | prompt",
                "\"prompt\": {} | prompt",
                "\"prompt\": [] | prompt",
                "\"prompt\": [1, -1] | prompt[1]",
                "\"prompt\": [1, \"a\"] | prompt[1]",
                "\"prompt\": [[1], 2] | prompt[1]",
                "\"prompt\": [\"a\", \"b\", \"c\"], \"n\": 3 | prompt",
                "\"prompt\": \"a\", \"suffix\": \"b\" | suffix",
                "\"prompt\": \"a\", \"best_of\": 3 | best_of",
                "\"prompt\": \"a\", \"logprobs\": true | logprobs",
                "\"prompt\": \"a\", \"echo\": true, \"logprobs\": 1 | echo",
            })
    void aWrongCompletionIsRefusedNamingTheField(String members, String param) {
        assertThatThrownBy(() -> completion(members)).satisfies(refusal -> assertNames(refusal, param));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | input",
                "{\"input\": []} | input",
                "{\"input\": \"a\", \"encoding_format\": \"hex\"} | encoding_format",
                "{\"input\": \"a\", \"dimensions\": 0} | dimensions",
            })
    void aWrongRequestForEmbeddingsIsRefusedNamingTheField(String body, String param) {
        assertThatThrownBy(() -> EmbeddingRequest.of(fields(body))).satisfies(refusal -> assertNames(refusal, param));
    }

    private static void assertNames(Throwable refusal, String param) {
        assertThat(refusal).isInstanceOf(OpenAiException.class);
        OpenAiError error = ((OpenAiException) refusal).error();
        assertThat(error.status()).isEqualTo(400);
        assertThat(error.param()).isEqualTo(param);
        assertThat(error.message()).startsWith(param + " ");
    }

    @Test
    void fieldsOfServicesThatThisOneIsNotAreIgnored() {
        assertThat(chat(", \"user\": \"u\", \"metadata\": {\"a\": \"b\"}, \"store\": true, \"nonsense\": [[]]")
                        .generateRequest(0))
                .isEqualTo(chat("").generateRequest(0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"[]", "7", "{", "{} {}", "{\"a\": 1,}", "nonsense", "` `", "{\"a\": 01}"})
    void whatIsNoJsonObjectIsRefused(String body) {
        assertThatThrownBy(() -> fields(body)).isInstanceOf(OpenAiException.class);
    }

    @Test
    void jsonThatIsDeepOrHasManyPartsIsRefused() {
        assertThatThrownBy(() -> fields("{\"a\":" + "[".repeat(100_000)))
                .isInstanceOf(OpenAiException.class)
                .hasMessageContaining("depth");
        assertThatThrownBy(() -> fields("{\"a\":[" + "0,".repeat(600_000) + "0]}"))
                .isInstanceOf(OpenAiException.class)
                .hasMessageContaining("oken");
        assertThatThrownBy(() -> fields("{\"a\":" + "9".repeat(200) + "}")).isInstanceOf(OpenAiException.class);
    }
}
