package io.tributary.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.grpc.Status;
import io.tributary.edge.ModelConfiguration;
import io.tributary.proto.tokenizer.v1.ApplyChatTemplateRequest;
import io.tributary.proto.tokenizer.v1.ApplyChatTemplateResponse;
import io.tributary.proto.tokenizer.v1.ChatMessage;
import io.tributary.proto.tokenizer.v1.ChatTemplateSource;
import io.tributary.proto.tokenizer.v1.DescribeTokenizerRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatTemplateServiceTest {
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final Path SHIPPED =
            Path.of(Objects.requireNonNull(System.getProperty("tributary.root")), "models", "kjv-2.6m");
    private static final String TEMPLATE = """
            {%- for message in messages %}
            {%- if message.role == 'critic' %}{{ raise_exception('no critics') }}{% endif -%}
            {{- bos_token ~ message.role ~ ': ' ~ message.content ~ message.tool_calls|default('') }}
            {%- endfor %}
            {%- if tools %}{{ tools|length }} tools{% endif %}
            {%- if style is defined %}{{ style }}{% endif %}
            {%- if add_generation_prompt %}{{ bos_token }}{% endif %}
            {%- if endless is defined %}{% for x in range(endless) %}{% endfor %}{% endif %}
            {%- if broken is defined %}{{ nothing.at.all }}{% endif %}""";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private LoadedTokenizer tokenizer;

    private record Model(Optional<Path> path, Optional<String> name, boolean loadAtStart)
            implements ModelConfiguration {}

    private record Limits(int maxTextBytes, int maxIdsPerRequest, long maxTemplateSteps) implements TokenizerLimits {}

    @AfterEach
    void close() {
        tokenizer.close();
    }

    private TokenizerGrpcService service(String template) throws IOException {
        Path json = directory.resolve("tokenizer.json");
        if (!Files.exists(json)) {
            Files.copy(SHIPPED.resolve("tokenizer.json"), json);
        }
        Map<String, Object> configuration =
                Map.of("bos_token", "<eos>", "add_bos_token", true, "chat_template", template);
        Files.writeString(
                directory.resolve("tokenizer_config.json"), new ObjectMapper().writeValueAsString(configuration));
        Model model = new Model(Optional.of(directory), Optional.empty(), false);
        Limits limits = new Limits(10_000, 1000, 5000);
        tokenizer = new LoadedTokenizer(model, limits);
        return new TokenizerGrpcService(tokenizer, new LoadedChat(model, limits), limits);
    }

    private ApplyChatTemplateResponse apply(ApplyChatTemplateRequest.Builder request) throws IOException {
        return service(TEMPLATE).applyChatTemplate(request.build()).await().atMost(DEADLINE);
    }

    private static ApplyChatTemplateRequest.Builder request(String role, String content) {
        return ApplyChatTemplateRequest.newBuilder().addMessages(message(role, content));
    }

    private static ChatMessage.Builder message(String role, String content) {
        return ChatMessage.newBuilder().setRole(role).setContent(content);
    }

    @Test
    void aConversationBecomesTextAndIds() throws IOException {
        ApplyChatTemplateResponse response = apply(request("user", "In the beginning<eos>")
                .addMessages(message("assistant", "God").addToolCalls("{\"name\": \"f\"}"))
                .addTools("{\"type\": \"function\"}")
                .setVariables("{\"style\": \"!\"}")
                .setAddGenerationPrompt(true));
        assertThat(response.getText())
                .isEqualTo("<eos>user: In the beginning<eos><eos>assistant: God[{'name': 'f'}]1 tools!<eos>");
        assertThat(response.getIdsList()).startsWith(0).endsWith(0);
        assertThat(response.getIdsList().stream().filter(id -> id == 0)).hasSize(3);
    }

    @Test
    void theSourceOfTheTemplateIsDescribed() throws IOException {
        assertThat(source(TEMPLATE)).isEqualTo(ChatTemplateSource.CHAT_TEMPLATE_SOURCE_MODEL);
        tokenizer.close();
        assertThat(source("{% if %}")).isEqualTo(ChatTemplateSource.CHAT_TEMPLATE_SOURCE_UNSPECIFIED);
    }

    private ChatTemplateSource source(String template) throws IOException {
        return source(service(template));
    }

    private static ChatTemplateSource source(TokenizerGrpcService service) {
        return service.describeTokenizer(DescribeTokenizerRequest.getDefaultInstance())
                .await()
                .atMost(DEADLINE)
                .getChatTemplate();
    }

    @Test
    void aBrokenTemplateIsReadOnce() throws IOException {
        TokenizerGrpcService service = service("{% if %}");
        assertThat(source(service)).isEqualTo(ChatTemplateSource.CHAT_TEMPLATE_SOURCE_UNSPECIFIED);
        Files.writeString(directory.resolve("tokenizer_config.json"), "{\"chat_template\": \"whole\"}");

        assertThat(source(service)).isEqualTo(ChatTemplateSource.CHAT_TEMPLATE_SOURCE_UNSPECIFIED);
        assertRefused(service, request("user", "a"), Status.Code.FAILED_PRECONDITION, "line 1 of the chat template");
    }

    @Test
    void aBrokenFileBesideTheTemplateSparesCompletions() throws IOException {
        Files.writeString(directory.resolve("config.json"), "{");
        TokenizerGrpcService service = service(TEMPLATE);

        assertThat(source(service)).isEqualTo(ChatTemplateSource.CHAT_TEMPLATE_SOURCE_UNSPECIFIED);
        assertRefused(service, request("user", "a"), Status.Code.FAILED_PRECONDITION, "log of the tokenizer service");
    }

    @Test
    void whatIsWrongIsNamedWithItsField() throws IOException {
        assertInvalid(ApplyChatTemplateRequest.newBuilder(), "messages: a conversation has at least one message");
        assertInvalid(request("user", "a").addMessages(message("", "b")), "messages[1].role: it is empty");
        assertInvalid(request("user", "a").addTools("{}").addTools("{"), "tools[1]: it is no JSON");
        assertInvalid(request("user", "a").addTools("[1]"), "tools[0]: wanted is the JSON text of an object");
        assertInvalid(
                request("user", "a").addMessages(message("assistant", "").addToolCalls("{} 5")),
                "messages[1].tool_calls[0]: it is no JSON");
        assertInvalid(
                request("user", "a").setVariables("{\"x\": " + "[".repeat(500) + "]".repeat(500) + "}"),
                "variables: it is no JSON");
        assertInvalid(request("user", "a").setVariables("{\"messages\": []}"), "variables: 'messages' is not for");
        assertInvalid(request("critic", "a"), "messages: no critics");
        assertInvalid(request("user", "a").setVariables("{\"broken\": 1}"), "line 9 of the chat template");
        assertInvalid(request("user", "a").setVariables("{\"style\": \"\\ud800\"}"), "lone surrogate");
    }

    private void assertInvalid(ApplyChatTemplateRequest.Builder request, String message) throws IOException {
        assertRefused(TEMPLATE, request, Status.Code.INVALID_ARGUMENT, message);
    }

    @Test
    void aTemplateThatNeverEndsIsStopped() throws IOException {
        ApplyChatTemplateRequest.Builder request = request("user", "a").setVariables("{\"endless\": 99999}");
        assertRefused(TEMPLATE, request, Status.Code.RESOURCE_EXHAUSTED, "more than 5000 steps");
    }

    @Test
    void aBrokenTemplateIsNoFaultOfTheRequest() throws IOException {
        assertRefused(
                "\n{% if %}", request("user", "a"), Status.Code.FAILED_PRECONDITION, "line 2 of the chat template");
    }

    private void assertRefused(
            String template, ApplyChatTemplateRequest.Builder request, Status.Code code, String message)
            throws IOException {
        assertRefused(service(template), request, code, message);
    }

    private void assertRefused(
            TokenizerGrpcService service, ApplyChatTemplateRequest.Builder request, Status.Code code, String message) {
        assertThatThrownBy(
                        () -> service.applyChatTemplate(request.build()).await().atMost(DEADLINE))
                .satisfies(error -> {
                    Status status = Status.fromThrowable(error);
                    assertThat(status.getCode()).as(status.toString()).isEqualTo(code);
                    assertThat(status.getDescription()).contains(message);
                });
        tokenizer.close();
    }
}
