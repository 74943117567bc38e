package io.tributary.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.output.FinishReason;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.tributary.mesh.ChatModel;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The mesh in one JVM, asked by LangChain4j's client of OpenAI's API. */
@QuarkusTest
@WithTestResource(ChatModel.class)
class LangChainTest {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final String MODEL = "kjv-chat";
    private static final List<String> KINGS = List.of("Saul", "David");
    private static final JsonObjectSchema KING = JsonObjectSchema.builder()
            .addEnumProperty("king", KINGS)
            .required("king")
            .additionalProperties(false)
            .build();
    private static final ToolSpecification ANOINT = ToolSpecification.builder()
            .name("anoint")
            .description("Makes somebody king.")
            .parameters(KING)
            .build();

    @TestHTTPResource("/v1")
    URI api = URI.create("http://unset/");

    private OpenAiChatModel model(String name) {
        return OpenAiChatModel.builder()
                .baseUrl(api.toString())
                .apiKey("none")
                .modelName(name)
                .timeout(DEADLINE)
                .maxRetries(0)
                .build();
    }

    private static ChatRequest.Builder hello() {
        return ChatRequest.builder()
                .messages(UserMessage.from("In the beginning"))
                .temperature(0.0);
    }

    private ChatResponse streamed(ChatRequest request, StringBuilder parts) throws Exception {
        CompletableFuture<ChatResponse> complete = new CompletableFuture<>();
        OpenAiStreamingChatModel.builder()
                .baseUrl(api.toString())
                .apiKey("none")
                .modelName(MODEL)
                .timeout(DEADLINE)
                .build()
                .chat(request, new StreamingChatResponseHandler() {
                    @Override
                    public void onPartialResponse(String part) {
                        parts.append(part);
                    }

                    @Override
                    public void onCompleteResponse(ChatResponse response) {
                        complete.complete(response);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        complete.completeExceptionally(failure);
                    }
                });
        return complete.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void anAnswerIsTheSameAsAWholeAndInParts() throws Exception {
        ChatRequest request = hello().maxOutputTokens(12).build();
        StringBuilder parts = new StringBuilder();

        ChatResponse whole = model(MODEL).chat(request);
        ChatResponse streamed = streamed(request, parts);

        assertThat(whole.aiMessage().text()).isNotBlank();
        assertThat(streamed.aiMessage().text()).isEqualTo(whole.aiMessage().text());
        assertThat(parts).hasToString(whole.aiMessage().text());
        assertThat(whole.finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(streamed.finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(whole.tokenUsage().outputTokenCount()).isEqualTo(12);
        assertThat(streamed.tokenUsage().totalTokenCount())
                .isEqualTo(whole.tokenUsage().totalTokenCount());
    }

    @Test
    void aRequiredToolIsCalled() throws Exception {
        ChatRequest request = hello().toolSpecifications(ANOINT)
                .toolChoice(ToolChoice.REQUIRED)
                .build();

        ChatResponse whole = model(MODEL).chat(request);
        ChatResponse streamed = streamed(request, new StringBuilder());

        ToolExecutionRequest call = whole.aiMessage().toolExecutionRequests().getFirst();
        assertThat(call.name()).isEqualTo("anoint");
        assertThat(new ObjectMapper().readTree(call.arguments()).get("king").textValue())
                .isIn(KINGS);
        assertThat(call.id()).isNotBlank();
        assertThat(streamed.aiMessage().toolExecutionRequests().getFirst().arguments())
                .isEqualTo(call.arguments());
        assertThat(whole.finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
    }

    @Test
    void anAnswerMatchesItsSchema() throws Exception {
        ResponseFormat format = ResponseFormat.builder()
                .type(ResponseFormatType.JSON)
                .jsonSchema(JsonSchema.builder().name("king").rootElement(KING).build())
                .build();

        String text = model(MODEL)
                .chat(hello().responseFormat(format).build())
                .aiMessage()
                .text();

        assertThat(new ObjectMapper().readTree(text).get("king").textValue()).isIn(KINGS);
    }

    @Test
    void textsAreEmbedded() {
        OpenAiEmbeddingModel embeddings = OpenAiEmbeddingModel.builder()
                .baseUrl(api.toString())
                .apiKey("none")
                .modelName(MODEL)
                .timeout(DEADLINE)
                .build();

        assertThat(embeddings.embed("the king").content().vector()).hasSize(192);
    }

    @Test
    void errorsAreThoseOfTheClientsLibrary() {
        assertThatThrownBy(() -> model(MODEL).chat(hello().temperature(500.0).build()))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("temperature");
        assertThatThrownBy(() -> model("gpt-4").chat(hello().build()))
                .isInstanceOf(ModelNotFoundException.class)
                .hasMessageContaining("gpt-4");
    }
}
